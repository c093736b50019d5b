#include "core/model/linear_model.h"

#include "core/base/file.h"
#include "core/base/format_version.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"
#include "core/data/source_name.h"

#include <algorithm>

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kKind = "zipml-linear-model";
constexpr int kVersion = 2; ///< of models of more than two classes; the others are of version 1

json vectorJson(const Eigen::VectorXd& weights) {
    return std::vector<double>(weights.begin(), weights.end());
}

LinearParameters parametersFrom(const JsonPart& object) {
    const auto weights = object.get<std::vector<double>>("weights");
    return {object.get<double>("intercept"),
            Eigen::Map<const Eigen::VectorXd>(weights.data(), static_cast<Eigen::Index>(weights.size()))};
}

/// What models of version 0.1 did not have.
void readLayout(const JsonPart& object, LinearModel& model) {
    model.classNames = object.get("class_names", std::vector<std::string>{});
    if (!model.classNames.empty() && model.classNames.size() != model.classLabels.size())
        object.fail("its classes and their names differ in number");
    const auto features = model.scaling.offset.size();
    if (object.has("imputation")) {
        const JsonPart imputation = object.at("imputation");
        model.imputation.fill = imputation.get<std::vector<double>>("fill");
        model.imputation.indicators = imputation.get<std::vector<std::size_t>>("indicators");
    }
    const std::size_t before = features - std::min(features, model.imputation.indicators.size());
    if (object.has("layout"))
        model.schema = std::make_shared<Schema>(schemaFromJson(object.at("layout")));
    const bool fits =
        (!model.imputation.active() || model.imputation.fill.size() == before) &&
        std::ranges::all_of(model.imputation.indicators, [&](std::size_t f) { return f < before; }) &&
        (model.schema == nullptr || model.schema->features() == before);
    if (!fits)
        object.fail("its columns and its weights differ in number");
}

LinearModel modelFrom(const JsonPart& object) {
    LinearModel model;
    model.task = parseName<Task>(object.get<std::string>("task"), "task");
    model.classLabels = object.get<std::vector<double>>("class_labels");
    model.featureNames = object.get<std::vector<std::string>>("feature_names");
    const JsonPart scaling = object.at("scaling");
    model.scaling = {parseName<ScalingKind>(scaling.get<std::string>("kind"), "scaling.kind"),
                     scaling.get<std::vector<double>>("offset"), scaling.get<std::vector<double>>("factor")};
    if (object.has("classes")) {
        for (const JsonPart& one : object.at("classes").list())
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
        (model.task == Task::Classification ? model.classLabels.size() != classes : !model.perClass.empty()))
        object.fail("its parts differ in length");
    model.spec = object.at("spec").value();
    readLayout(object, model);
    return model;
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
    const JsonPart model(object);
    if (!object.is_object() || object.value("kind", json()) != kKind)
        throw InputError(what + ": is not a ZipML model; zipml train --model writes one");
    try {
        formatVersion(object, kVersion);
    } catch (const InputError& error) {
        throw InputError(what + ": " + error.what());
    }
    try {
        return modelFrom(model);
    } catch (const InputError& error) {
        throw InputError(what + ": is damaged: " + error.what() + "; train and save the model again");
    }
}

LinearModel readModel(const std::filesystem::path& file) {
    return modelFromJson(readJson(file, "zipml train --model writes a model"), file.string());
}

void writeModel(const LinearModel& model, const std::filesystem::path& file) {
    writeFileAtomically(file, jsonText(toJson(model), 2) + "\n");
}

} // namespace zipml
