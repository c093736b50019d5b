#include "core/model/linear_model.h"

#include "core/base/file.h"
#include "core/data/source_name.h"

#include <algorithm>

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kKind = "zipml-linear-model";
constexpr int kVersion = 2; ///< of models of more than two classes; the others are of version 1

[[noreturn]] void fail(const std::string& what, const std::string& why) {
    throw InputError(what + ": " + why);
}

json vectorJson(const Eigen::VectorXd& weights) {
    return std::vector<double>(weights.begin(), weights.end());
}

LinearParameters parametersFrom(const json& object) {
    const auto weights = object.at("weights").get<std::vector<double>>();
    return {object.at("intercept").get<double>(),
            Eigen::Map<const Eigen::VectorXd>(weights.data(), static_cast<Eigen::Index>(weights.size()))};
}

/// What models of version 0.1 did not have.
void readLayout(const json& object, const std::string& what, LinearModel& model) {
    model.classNames = object.value("class_names", std::vector<std::string>{});
    if (!model.classNames.empty() && model.classNames.size() != model.classLabels.size())
        fail(what,
             "is damaged: its classes and their names differ in number; train and save the model again");
    const auto features = model.scaling.offset.size();
    if (object.contains("imputation")) {
        model.imputation.fill = object.at("imputation").at("fill").get<std::vector<double>>();
        model.imputation.indicators =
            object.at("imputation").at("indicators").get<std::vector<std::size_t>>();
    }
    const std::size_t before = features - std::min(features, model.imputation.indicators.size());
    if (object.contains("layout"))
        model.schema = std::make_shared<Schema>(schemaFromJson(object.at("layout")));
    const bool fits =
        (!model.imputation.active() || model.imputation.fill.size() == before) &&
        std::ranges::all_of(model.imputation.indicators, [&](std::size_t f) { return f < before; }) &&
        (model.schema == nullptr || model.schema->features() == before);
    if (!fits)
        fail(what,
             "is damaged: its columns and its weights differ in number; train and save the model again");
}

} // namespace

std::vector<double> predict(const LinearModel& model, const Dataset& loaded) {
    const auto features = static_cast<std::size_t>(model.parameters.weights.size());
    Dataset filled;
    if (model.imputation.active() && loaded.features == model.imputation.features()) {
        filled = loaded;
        model.imputation.apply(filled);
    }
    const Dataset& raw = filled.rows > 0 ? filled : loaded;
    if (raw.features != features)
        throw InputError(raw.name + ": has " + std::to_string(raw.features) + " features and the model has " +
                         std::to_string(features) +
                         "; predict on data with the columns that the model was trained on");
    const auto models = model.perClass.empty() ? std::span(&model.parameters, 1) : std::span(model.perClass);
    std::vector<double> predictions;
    predictions.reserve(raw.rows * models.size());
    std::vector<float> row(features);
    Scaling scaling = model.scaling; // of the values less what was subtracted from them
    for (std::size_t f = 0; f < features; ++f)
        scaling.offset[f] -= raw.offset(f);
    for (std::size_t r = 0; r < raw.rows; ++r) {
        const auto values = raw.row(r);
        row.assign(values.begin(), values.end());
        scaling.apply(row);
        const Eigen::VectorXd scaled =
            Eigen::Map<const Eigen::VectorXf>(row.data(), model.parameters.weights.size()).cast<double>();
        for (const LinearParameters& one : models) {
            const double score = one.intercept + scaled.dot(one.weights);
            if (!std::isfinite(score))
                throw InputError(
                    raw.name + ": row " + std::to_string(r + 1) +
                    ": the prediction is no finite number: the row's values, or the model's weights, "
                    "are too large; check the row, or train again with a scaling");
            predictions.push_back(score);
        }
    }
    return predictions;
}

std::vector<double> labelsOf(const LinearModel& model, const std::vector<double>& scores) {
    if (model.task == Task::Regression)
        return scores;
    std::vector<double> labels;
    if (model.perClass.empty()) {
        for (const double score : scores)
            labels.push_back(model.classLabels[score >= 0 ? 1 : 0]);
        return labels;
    }
    const auto classes = static_cast<std::ptrdiff_t>(model.perClass.size());
    for (auto row = scores.begin(); row != scores.end(); row += classes)
        labels.push_back(
            model.classLabels[static_cast<std::size_t>(std::max_element(row, row + classes) - row)]);
    return labels;
}

json toJson(const LinearModel& model) {
    json object = {
        {"kind", kKind},
        {"version", model.perClass.empty() ? 1 : kVersion},
        {"task", nameOf(model.task)},
        {"class_labels", model.classLabels},
        {"feature_names", model.featureNames},
        {"scaling",
         {{"kind", nameOf(model.scaling.kind)},
          {"offset", model.scaling.offset},
          {"factor", model.scaling.factor}}},
        {"spec", withNamesOnly(model.spec)},
    };
    if (!model.classNames.empty())
        object["class_names"] = model.classNames;
    if (model.imputation.active())
        object["imputation"] = {{"fill", model.imputation.fill}, {"indicators", model.imputation.indicators}};
    if (model.schema != nullptr)
        object["layout"] = toJson(*model.schema);
    if (model.perClass.empty()) {
        object["intercept"] = model.parameters.intercept;
        object["weights"] = vectorJson(model.parameters.weights);
    } else {
        for (const LinearParameters& one : model.perClass)
            object["classes"].push_back({{"intercept", one.intercept}, {"weights", vectorJson(one.weights)}});
    }
    return object;
}

LinearModel modelFromJson(const json& object, const std::string& what) {
    try {
        if (!object.is_object() || object.value("kind", "") != kKind)
            fail(what, "is not a ZipML model; zipml train --model writes one");
        if (object.at("version").get<int>() > kVersion)
            fail(what, "was written by a newer version of ZipML Lab; update it");
        LinearModel model;
        model.task = parseName<Task>(object.at("task").get<std::string>(), "task");
        model.classLabels = object.at("class_labels").get<std::vector<double>>();
        model.featureNames = object.at("feature_names").get<std::vector<std::string>>();
        const json& scaling = object.at("scaling");
        model.scaling = {parseName<ScalingKind>(scaling.at("kind").get<std::string>(), "scaling"),
                         scaling.at("offset").get<std::vector<double>>(),
                         scaling.at("factor").get<std::vector<double>>()};
        if (object.contains("classes")) {
            for (const json& one : object.at("classes"))
                model.perClass.push_back(parametersFrom(one));
            model.parameters = LinearParameters::zero(static_cast<Eigen::Index>(model.scaling.offset.size()));
        } else {
            model.parameters = parametersFrom(object);
        }
        const auto differs = [&](const LinearParameters& one) {
            return one.weights.size() != static_cast<Eigen::Index>(model.scaling.offset.size());
        };
        const std::size_t classes = model.perClass.empty() ? 2 : model.perClass.size();
        if (differs(model.parameters) || std::ranges::any_of(model.perClass, differs) ||
            model.scaling.factor.size() != model.scaling.offset.size() || classes < 2 ||
            (model.task == Task::Classification ? model.classLabels.size() != classes
                                                : !model.perClass.empty()))
            fail(what, "is damaged: its parts differ in length; train and save the model again");
        model.spec = object.at("spec");
        readLayout(object, what, model);
        return model;
    } catch (const std::logic_error& error) { // of the layout's numbers
        fail(what, std::string("is damaged (") + error.what() + "); train and save the model again");
    } catch (const json::exception& error) {
        fail(what, std::string("is damaged (") + error.what() + "); train and save the model again");
    }
}

LinearModel readModel(const std::filesystem::path& file) {
    const json object = json::parse(readFile(file), nullptr, false);
    if (object.is_discarded())
        fail(file.string(), "is damaged (it is no JSON); train and save the model again");
    return modelFromJson(object, file.string());
}

void writeModel(const LinearModel& model, const std::filesystem::path& file) {
    writeFileAtomically(file, toJson(model).dump(2) + "\n");
}

} // namespace zipml
