#include "core/model/linear_model.h"

#include "core/base/file.h"

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kKind = "zipml-linear-model";
constexpr int kVersion = 1;

[[noreturn]] void fail(const std::string& what, const std::string& why) {
    throw InputError(what + ": " + why);
}

} // namespace

std::vector<double> predict(const LinearModel& model, const Dataset& raw) {
    const auto features = static_cast<std::size_t>(model.parameters.weights.size());
    if (raw.features != features)
        throw InputError(raw.name + ": has " + std::to_string(raw.features) + " features and the model has " +
                         std::to_string(features) +
                         "; predict on data with the columns that the model was trained on");
    std::vector<double> predictions;
    predictions.reserve(raw.rows);
    std::vector<float> row(features);
    for (std::size_t r = 0; r < raw.rows; ++r) {
        const auto values = raw.row(r);
        row.assign(values.begin(), values.end());
        model.scaling.apply(row);
        const Eigen::Map<const Eigen::VectorXf> scaled(row.data(), model.parameters.weights.size());
        predictions.push_back(model.parameters.intercept +
                              scaled.cast<double>().dot(model.parameters.weights));
    }
    return predictions;
}

json toJson(const LinearModel& model) {
    const auto& weights = model.parameters.weights;
    return {
        {"kind", kKind},
        {"version", kVersion},
        {"task", nameOf(model.task)},
        {"class_labels", model.classLabels},
        {"feature_names", model.featureNames},
        {"scaling",
         {{"kind", nameOf(model.scaling.kind)},
          {"offset", model.scaling.offset},
          {"factor", model.scaling.factor}}},
        {"intercept", model.parameters.intercept},
        {"weights", std::vector<double>(weights.begin(), weights.end())},
        {"spec", model.spec},
    };
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
        const auto weights = object.at("weights").get<std::vector<double>>();
        model.parameters = {
            object.at("intercept").get<double>(),
            Eigen::Map<const Eigen::VectorXd>(weights.data(), static_cast<Eigen::Index>(weights.size()))};
        if (model.scaling.offset.size() != weights.size() || model.scaling.factor.size() != weights.size() ||
            (model.task == Task::Classification && model.classLabels.size() != 2))
            fail(what, "is damaged: its parts differ in length; train and save the model again");
        model.spec = object.at("spec");
        return model;
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
