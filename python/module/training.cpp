// Runs: of a spec, as the command line makes them, and on rows of an array.

#include "core/base/json_text.h"
#include "core/lab/run.h"
#include "python/module/module.h"
#include "python/module/watched_run.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <nlohmann/json.hpp>

namespace zipml::python {
namespace {

using nlohmann::json;

RunSpec specOf(const std::string& text) {
    return specFromJson(json::parse(text));
}

std::string train(const std::string& spec, const nb::object& callback) {
    const RunSpec wanted = specOf(spec);
    return jsonText(toJson(watchedRun(
        [&](RunObserver& observer, RunControl& control) { return runExperiment(wanted, observer, control); },
        callback)));
}

/// What partial_fit goes on from: written by stateOf, kept by the estimator.
RunRecord recordFrom(const std::string& state) {
    const json object = json::parse(state);
    RunRecord record;
    record.model = modelFromJson(object.at("model"), "model");
    record.setup.step = object.at("step").get<double>();
    record.setup.codebookBytes = object.at("codebook_bytes").get<std::uint64_t>();
    record.initial = epochFromJson(object.at("initial"));
    for (const json& epoch : object.at("epochs"))
        record.epochs.push_back(epochFromJson(epoch));
    return record;
}

std::string stateOf(const RunRecord& record) {
    json epochs = json::array();
    for (const EpochRecord& epoch : record.epochs)
        epochs.push_back(exactJson(epoch));
    return jsonText({{"model", toJson(record.model)},
                     {"step", record.setup.step},
                     {"codebook_bytes", record.setup.codebookBytes},
                     {"initial", exactJson(record.initial)},
                     {"epochs", std::move(epochs)}});
}

/// @param classLabels all that there are; empty: a regression
/// @return the record and the state to go on from
std::pair<std::string, std::string> fit(const std::string& spec, const Rows& values, const Numbers& labels,
                                        const std::vector<double>& classLabels,
                                        const std::optional<std::string>& state, const nb::object& callback) {
    if (values.shape(0) != labels.shape(0))
        throw InputError("y: has " + std::to_string(labels.shape(0)) + " labels for the " +
                         std::to_string(values.shape(0)) + " rows of X");
    RunSpec wanted = specOf(spec);
    const std::optional<RunRecord> earlier = state ? std::optional(recordFrom(*state)) : std::nullopt;
    GivenRows given;
    given.name = "X";
    given.rows = values.shape(0);
    given.features = values.shape(1);
    given.values = {values.data(), values.size()};
    given.labels = {labels.data(), labels.size()};
    given.classLabels = classLabels;
    if (earlier) {
        given.scaling = &earlier->model.scaling;
        wanted.sgd.step = earlier->setup.step;
        wanted.sgd.epochs += static_cast<int>(earlier->epochs.size());
    }
    const RunRecord record = watchedRun(
        [&](RunObserver& observer, RunControl& control) {
            return runOnRows(wanted, given, observer, control, earlier ? &*earlier : nullptr);
        },
        callback);
    return {jsonText(toJson(record)), stateOf(record)};
}

std::string whyCopied(const std::string& spec) {
    return whyNotInPlace(specOf(spec));
}

} // namespace

void addTraining(nb::module_& module) {
    module.def("train", train, nb::arg("spec"), nb::arg("callback").none());
    module.def("fit", fit, nb::arg("spec"), nb::arg("X").noconvert(), nb::arg("y").noconvert(),
               nb::arg("class_labels"), nb::arg("state").none(), nb::arg("callback").none());
    module.def("why_copied", whyCopied, nb::arg("spec"));
    module.def("spec", [] { return jsonText(toJson(RunSpec{})); });
}

} // namespace zipml::python
