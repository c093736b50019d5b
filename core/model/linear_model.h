#pragma once
/// A trained linear model with all it needs to predict on raw data: scaling, names, class labels.

#include "core/data/scaling.h"
#include "core/model/linear_parameters.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace zipml {

struct LinearModel {
    LinearParameters parameters; ///< on scaled features
    Scaling scaling;
    Task task = Task::Regression;
    std::vector<double> classLabels; ///< classification: the label of a negative and of a positive prediction
    std::vector<std::string> featureNames;
    nlohmann::json spec; ///< of the run that made it (core/lab/run_spec.h)
};

/// a.x + intercept for each row of raw data. @throws InputError when the number of features differs.
std::vector<double> predict(const LinearModel& model, const Dataset& raw);

nlohmann::json toJson(const LinearModel& model);
/// @param what the model is called in messages: its file. @throws InputError as readModel.
LinearModel modelFromJson(const nlohmann::json& object, const std::string& what);
/// @throws InputError when the file is missing, damaged, or from a newer version.
LinearModel readModel(const std::filesystem::path& file);
/// Written aside and renamed. @throws RunError.
void writeModel(const LinearModel& model, const std::filesystem::path& file);

} // namespace zipml
