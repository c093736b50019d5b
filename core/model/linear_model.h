#pragma once
/// A trained linear model with all it needs to predict on raw data: scaling, names, class labels.

#include "core/data/imputation.h"
#include "core/data/scaling.h"
#include "core/model/linear_parameters.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace zipml {

struct LinearModel {
    LinearParameters parameters;            ///< on scaled features; zero where there is one a class
    std::vector<LinearParameters> perClass; ///< more than two classes: as many as classLabels; else empty
    Scaling scaling;                        ///< of values as the file has them
    Task task = Task::Regression;
    std::vector<double> classLabels; ///< classification: the label of a negative and of a positive score; or,
                                     ///< with more than two classes, of the highest of each one's score
    std::vector<std::string> classNames; ///< of labels that are texts, one a class label; else empty
    std::vector<std::string> featureNames;
    Imputation imputation;                ///< of missing values, before scaling
    std::shared_ptr<const Schema> schema; ///< of the training file's columns; null: generated data
    nlohmann::json spec;                  ///< of the run that made it (core/lab/run_spec.h)

    /// "setosa", or a number: the label of a class.
    [[nodiscard]] nlohmann::json labelJson(std::size_t index) const {
        return classNames.empty() ? nlohmann::json(classLabels[index]) : nlohmann::json(classNames[index]);
    }
};

/// a.x + intercept for each row of data as it was loaded with the model's schema and, with more than two
/// classes, for each class in the row.
/// @throws InputError when the number of features differs.
std::vector<double> predict(const LinearModel& model, const Dataset& raw);
/// Predicted labels from scores that predict made: the score itself for a regression; of classes with names
/// their numbers.
std::vector<double> labelsOf(const LinearModel& model, const std::vector<double>& scores);

nlohmann::json toJson(const LinearModel& model);
/// @param what the model is called in messages: its file. @throws InputError as readModel.
LinearModel modelFromJson(const nlohmann::json& object, const std::string& what);
/// @throws InputError when the file is missing, damaged, or from a newer version.
LinearModel readModel(const std::filesystem::path& file);
/// Written aside and renamed. @throws RunError.
void writeModel(const LinearModel& model, const std::filesystem::path& file);

} // namespace zipml
