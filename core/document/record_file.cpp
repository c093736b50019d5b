#include "core/document/record_file.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/lab/spec_files.h"

#include <algorithm>
#include <sstream>

namespace zipml {
namespace {

using nlohmann::json;

/// What a record of an earlier version may lack keeps its default; so does null, which stands for none.
template <class Value>
void take(const json& object, const char* key, Value& value) {
    if (const auto found = object.find(key); found != object.end() && !found->is_null())
        value = found->get<Value>();
}

void take(const json& object, const char* key, std::optional<double>& value) {
    if (const auto found = object.find(key); found != object.end() && found->is_number())
        value = found->get<double>();
}

const json& partOf(const json& record, const char* key) {
    static const json nothing = json::object();
    const auto found = record.find(key);
    return found != record.end() && found->is_object() ? *found : nothing;
}

/// Plain JSON has null for what is not finite, where there is always a number.
EpochRecord epochOf(const json& object) {
    json exact = exactJson(EpochRecord{});
    for (const auto& [key, value] : object.items())
        exact[key] = value.is_null() && exact.contains(key) && exact[key].is_number() ? json("nan") : value;
    return epochFromJson(exact);
}

RunSetup setupOf(const json& record) {
    RunSetup setup;
    const json &data = partOf(record, "data"), &store = partOf(record, "store"),
               &optimum = partOf(record, "optimum");
    take(data, "name", setup.dataName);
    if (data.contains("task"))
        setup.task = parseName<Task>(data["task"].get<std::string>(), "task");
    take(data, "train_rows", setup.trainRows);
    take(data, "test_rows", setup.testRows);
    take(data, "features", setup.features);
    take(data, "label_why", setup.labelWhy);
    take(data, "warnings", setup.warnings);
    if (data.contains("classes"))
        for (const json& name : data["classes"])
            if (name.is_string())
                setup.classNames.push_back(name.get<std::string>());
    take(record, "step", setup.step);
    take(record, "step_note", setup.stepNote);
    take(record, "contraction", setup.contraction);
    take(record, "bias_rows", setup.biasRows);
    take(record, "notes", setup.notes);
    take(store, "bytes", setup.storeBytes);
    take(store, "bits_per_value", setup.bitsPerValue);
    take(store, "kernels", setup.kernels);
    take(store, "arithmetic", setup.arithmetic);
    take(store, "arithmetic_why", setup.arithmeticWhy);
    take(store, "codebook_bytes", setup.codebookBytes);
    take(store, "mean_variance", setup.meanVariance);
    take(store, "mean_variance_before_snapping", setup.exactMeanVariance);
    take(store, "levels", setup.levels);
    take(store, "levels_used", setup.levelsUsed);
    take(store, "fewest_levels_used", setup.fewestLevels);
    take(optimum, "train_loss", setup.optimumLoss);
    take(optimum, "regularizer", setup.optimumRegularizer);
    take(optimum, "objective", setup.optimumObjective);
    take(optimum, "certificate", setup.optimumCertificate);
    take(optimum, "note", setup.optimumNote);
    return setup;
}

bool isRecord(const json& object) {
    return object.is_object() && object.contains("spec") && object.contains("epochs");
}

bool isSweep(const json& object) {
    return object.is_object() && object.contains("runs") && object["runs"].is_array() &&
           object.value("kind", "") == "zipml-sweep";
}

void addRuns(const json& object, std::vector<SessionRun>& runs) {
    if (isRecord(object)) {
        runs.push_back(runFromRecord(object));
        runs.back().id = static_cast<int>(runs.size()) - 1;
    } else if (isSweep(object)) {
        for (const json& run : object["runs"])
            addRuns(run, runs);
    } else if (object.is_array()) {
        for (const json& each : object)
            addRuns(each, runs);
    } else {
        throw InputError(
            "is no record of a run; zipml train --json prints one, zipml sweep --out writes many");
    }
}

} // namespace

SessionRun runFromRecord(const json& record) {
    try {
        SessionRun run;
        run.spec = uncheckedSpecFromJson(record.at("spec"));
        run.setup = setupOf(record);
        run.initial = epochOf(record.at("initial"));
        for (const json& epoch : record.at("epochs"))
            run.epochs.push_back(epochOf(epoch));
        run.status = parseName<RunStatus>(record.at("status").get<std::string>(), "status");
        take(record, "message", run.message);
        take(record, "peak_resident_bytes", run.peakResidentBytes);
        take(partOf(record, "confusion"), "counts", run.confusion);
        return run;
    } catch (const json::exception&) {
        throw InputError("is no whole record of a linear model's run: a part is missing or of a wrong type");
    }
}

bool holdsRuns(const json& object) {
    return isRecord(object) || isSweep(object) ||
           (object.is_array() && !object.empty() && std::ranges::all_of(object, holdsRuns));
}

RunFile parseRuns(const std::string& text, const std::string& what) {
    RunFile file;
    std::istringstream in(text);
    int place = 0;
    while (in >> std::ws && in.peek() != std::istringstream::traits_type::eof()) {
        ++place;
        json object;
        try {
            in >> object;
        } catch (const json::exception&) { // also of a number that no double holds
            if (place == 1)
                throw InputError(what + ": is no JSON, or is cut short; open a copy of it that is whole");
            file.cut = true;
            break;
        }
        try {
            addRuns(object, file.runs);
        } catch (const InputError& error) {
            throw InputError(what + ": " + (place > 1 ? "part " + std::to_string(place) + ": " : "") +
                             error.what());
        }
    }
    if (file.runs.empty())
        throw InputError(what + ": holds no run; zipml train --json prints one");
    return file;
}

RunFile readRuns(const std::filesystem::path& file) {
    RunFile runs = parseRuns(readFile(file), file.string());
    for (SessionRun& run : runs.runs)
        run.spec = withDataBeside(run.spec, file.parent_path());
    return runs;
}

} // namespace zipml
