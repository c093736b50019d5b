#include "core/study/sweep.h"

#include "core/base/json_file.h"
#include "core/base/on_threads.h"
#include "core/base/start_thread.h"
#include "core/data/source_name.h"
#include "core/lab/compute_device.h"
#include "core/lab/rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <new>
#include <nlohmann/json.hpp>
#include <set>

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kKind = "zipml-sweep";
/// Settings that only say how numbers are rounded: a full-precision run does not depend on them.
constexpr std::array kRoundingKeys = {"estimator",   "bits",       "copies",        "grid",
                                      "shared_grid", "model_bits", "gradient_bits", "vector_scale",
                                      "rounding",    "arithmetic"};
/// Settings that never change a result.
constexpr std::array kNeutralKeys = {"name", "threads"};
constexpr std::array kTolerances = {0.01, 0.001};

/// What was varied and the run does not read is as usual: full precision meets every arithmetic.
RunSpec withoutUnused(const RunSpec& spec, const json& varied) {
    const json defaults = toJson(RunSpec{});
    json usual = json::object();
    for (const auto& [key, value] : varied.items())
        if (!whyUnused(spec, key).empty())
            usual[key] = defaults.at(key);
    return uncheckedSpecFromJson(usual, spec);
}

json withoutRounding(json spec) {
    for (const char* key : kRoundingKeys)
        spec.erase(key);
    for (const char* key : kNeutralKeys)
        spec.erase(key);
    return spec;
}

bool isReference(const json& spec) {
    return spec["estimator"] == "full" && spec["model_bits"] == VectorQuantizer::kOff &&
           spec["gradient_bits"] == VectorQuantizer::kOff;
}

/// The run to compare with, as an object with "train_loss" and "objective" (see Sweep::toJson); null: none.
const json* referenceOf(const json& record, const std::vector<json>& all) {
    const json wanted = withoutRounding(record["spec"]);
    for (const json& other : all)
        if (!other.is_null() && isReference(other["spec"]) && withoutRounding(other["spec"]) == wanted)
            return &other["final"];
    const json& optimum = record["optimum"];
    return optimum["objective"].is_number() ? &optimum : nullptr;
}

/// A loss or an objective: null where it is none, else of 0 or more.
void checkLoss(const JsonPart& state, const std::string& key) {
    const JsonPart loss = state.at(key);
    if (!loss.value().is_null() && loss.get<double>() < 0)
        loss.fail(loss.value().dump() + " is less than 0, which none can be");
}

/// Of what is read of a state: the start, an epoch, the end or the optimum.
void checkState(const JsonPart& state, std::initializer_list<const char*> counts) {
    checkLoss(state, "train_loss");
    if (state.has("objective"))
        checkLoss(state, "objective");
    else
        static_cast<void>(state.at("regularizer"));
    for (const char* count : counts)
        static_cast<void>(state.get<std::uint64_t>(count));
}

/// Records of earlier versions have no objective.
void addObjectives(json& record, LossKind kind) {
    const Loss loss{kind, {}};
    const auto add = [&](json& state) {
        if (state.contains("objective"))
            return;
        const json &data = state["train_loss"], &regularizer = state["regularizer"];
        state["objective"] = data.is_number() && regularizer.is_number()
                                 ? json(loss.objective(data.get<double>(), regularizer.get<double>()))
                                 : json();
    };
    for (const char* key : {"initial", "final", "optimum"})
        add(record[key]);
    for (json& epoch : record["epochs"])
        add(epoch);
}

/// What identifies a run in a file, and its record with all that a sweep reads of it.
/// @throws InputError with the place of what is damaged
std::pair<json, json> recordFrom(const JsonPart& run) {
    const JsonPart written = run.at("spec");
    const RunSpec spec = [&] {
        try {
            return specFromJson(written.value());
        } catch (const InputError& error) {
            written.fail(error.what());
        }
    }();
    const JsonPart status = run.at("status");
    const auto name = status.get<std::string>();
    try {
        parseName<RunStatus>(name, "status");
    } catch (const InputError& error) {
        status.fail(error.what());
    }
    checkState(run.at("initial"), {});
    checkState(run.at("final"), {"bytes_moved"});
    checkState(run.at("optimum"), {});
    for (const JsonPart& epoch : run.at("epochs").list())
        checkState(epoch, {"epoch", "bytes_moved", "sample_bytes_moved"});
    static_cast<void>(run.at("final").at("test_loss"));
    if (const JsonPart data = run.at("data"); data.has("read_as")) { // not in sweeps of version 0.1
        const JsonPart found = data.at("read_as");
        for (const char* key : {"format", "label_column"})
            static_cast<void>(found.get<std::string>(key));
        static_cast<void>(data.get<std::string>("label_why"));
        static_cast<void>(data.get<std::vector<std::string>>("warnings"));
    }
    const JsonPart store = run.at("store");
    static_cast<void>(store.get<double>("bits_per_value"));
    static_cast<void>(store.at("mean_variance"));
    json record = run.value();
    addObjectives(record, spec.loss);
    return {identityOf(spec), std::move(record)};
}

/// The epoch record from which on the objective stays within the tolerance; null: none.
json reached(const json& record, double reference, double tolerance) {
    json found = nullptr;
    for (const json& epoch : record["epochs"]) {
        const bool near =
            epoch["objective"].is_number() && epoch["objective"].get<double>() <= (1 + tolerance) * reference;
        if (!near)
            found = nullptr;
        else if (found.is_null())
            found = {{"epoch", epoch["epoch"]},
                     {"bytes_moved", epoch["bytes_moved"]},
                     {"sample_bytes_moved", epoch["sample_bytes_moved"]}};
    }
    return record["status"] == "diverged" ? json(nullptr) : found;
}

std::string toleranceName(double tolerance) {
    return json(tolerance).dump();
}

} // namespace

Variation parseVariation(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
        throw InputError("vary: '" + text + "': write KEY=VALUE,VALUE,... such as bits=1,2,4");
    Variation variation{text.substr(0, equals), {}};
    std::ranges::replace(variation.key, '-', '_');
    const std::string values = text.substr(equals + 1);
    const char separator = values.find(';') != std::string::npos ? ';' : ',';
    for (std::size_t begin = 0; begin <= values.size();) {
        const auto end = std::min(values.find(separator, begin), values.size());
        variation.values.push_back(values.substr(begin, end - begin));
        begin = end + 1;
    }
    return variation;
}

std::vector<RunSpec> expandSweep(const RunSpec& base, const std::vector<Variation>& variations) {
    struct Combination {
        json values;       ///< by key
        std::string words; ///< "bits=4, estimator=full"
    };
    std::vector<Combination> combinations{{json::object(), ""}};
    for (const auto& variation : variations) {
        const SpecKey& key = specKey(variation.key);
        std::vector<Combination> next;
        for (const auto& [values, words] : combinations)
            for (const auto& value : variation.values) {
                next.push_back({values, std::string(words)
                                            .append(words.empty() ? "" : ", ")
                                            .append(variation.key)
                                            .append("=")
                                            .append(value)});
                next.back().values[variation.key] = specValue(key, value);
            }
        combinations = std::move(next);
    }
    std::vector<RunSpec> specs;
    std::set<json> seen;
    for (const auto& [values, words] : combinations) {
        RunSpec spec;
        try {
            spec = withoutUnused(uncheckedSpecFromJson(values, base), values);
            validate(spec);
        } catch (const InputError& error) {
            throw InputError("vary: " + words + " does not go: " + error.what());
        }
        if (seen.insert(identityOf(spec)).second)
            specs.push_back(spec);
    }
    return specs;
}

Sweep::Sweep(std::vector<RunSpec> specs) : specs_(std::move(specs)), results_(specs_.size()) {
    for (RunSpec& spec :
         specs_) // as its record will have it, whatever place the device has when this is resumed
        spec.device = fullDeviceName(spec.device);
}

json readSweep(const std::filesystem::path& file) {
    constexpr const char* kRemedy = "name another file, or one that zipml sweep wrote";
    json sweep = readJson(file, kRemedy);
    if (!sweep.is_object() || sweep.value("kind", json()) != kKind)
        throw InputError(file.string() + ": is not a sweep; " + kRemedy);
    readIn(file.string(), [&] { static_cast<void>(JsonPart(sweep).at("runs").list()); });
    return sweep;
}

std::size_t Sweep::resumeFrom(const std::filesystem::path& file, const Job& job) {
    const json before = readSweep(file);
    std::map<json, json> known;
    for (const JsonPart& run : JsonPart(before).at("runs").list())
        try {
            auto [identity, record] = recordFrom(run);
            if (record["status"] != nameOf(RunStatus::Stopped))
                known.emplace(std::move(identity), std::move(record));
        } catch (const InputError& error) {
            notes_.push_back(file.string() + ": " + error.what() +
                             "; where the sweep has this run, it is run again");
        }
    std::size_t found = 0;
    for (std::size_t i = 0; i < specs_.size(); ++i)
        if (const auto run = known.find(identityOf(specs_[i])); run != known.end()) {
            const std::string change =
                fingerprintChange(run->second.value("fingerprint", json()), fingerprints_.of(specs_[i], job));
            if (!change.empty())
                throw InputError(file.string() + ": holds runs of '" + specs_[i].data.source + "' " + change +
                                 "; name another file, or remove this one to run them again");
            results_[i] = run->second;
            ++found;
        }
    return found;
}

void Sweep::run(int jobs, RunControl& control, const std::function<void(std::size_t)>& onDone) {
    PreparedDataCache cache;
    std::mutex mutex;
    std::exception_ptr failure;
    std::size_t next = 0, working = 0;
    std::vector<std::size_t> again; // given back for want of memory
    again.reserve(specs_.size());   // of which there is none then
    auto done = static_cast<std::size_t>(
        std::ranges::count_if(results_, [](const json& result) { return !result.is_null(); }));
    const auto work = [&] {
        RunObserver nobody;
        {
            const std::lock_guard lock(mutex);
            ++working;
        }
        while (true) {
            std::size_t index = 0;
            {
                const std::lock_guard lock(mutex);
                while (next < specs_.size() && !results_[next].is_null())
                    ++next;
                const bool none = again.empty() && next == specs_.size();
                if (none || failure || control.stopRequested()) {
                    --working;
                    return;
                }
                if (!again.empty()) {
                    index = again.back();
                    again.pop_back();
                } else {
                    index = next++;
                }
            }
            try {
                RunSpec spec = specs_[index];
                if (jobs > 1)
                    spec.threads = 1; // one core a run; never changes the result
                const Job job{control.stopToken(), {}};
                const json fingerprint = fingerprints_.of(spec, job);
                RunRecord record = runExperiment(spec, nobody, control, &cache);
                if (record.status != RunStatus::Stopped)
                    (void)fingerprints_.of(spec, job); // throws where the data changed meanwhile
                record.spec.threads = specs_[index].threads;
                json result = zipml::toJson(record);
                result["spec"] = zipml::toJson(record.spec); // as asked: what it is found by again
                result.erase("model");
                result["fingerprint"] = fingerprint;
                const std::lock_guard lock(mutex);
                if (record.status == RunStatus::Stopped)
                    continue;
                results_[index] = std::move(result);
                onDone(++done);
            } catch (const std::bad_alloc&) {
                const std::lock_guard lock(mutex);
                if (working == 1 && !failure)
                    failure = std::current_exception();
                if (failure)
                    continue;
                again.push_back(index); // there is room for it once this thread makes no runs
                --working;
                countRefusedThread();
                return;
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!failure)
                    failure = std::current_exception();
            }
        }
    };
    onThreads(std::min(static_cast<std::size_t>(jobs), specs_.size() - done), work);
    if (failure && !control.stopRequested())
        std::rethrow_exception(failure);
}

bool Sweep::complete() const {
    return std::ranges::none_of(results_, [](const json& result) { return result.is_null(); });
}

json Sweep::toJson() const {
    std::set<std::string> varying;
    const json first = zipml::toJson(specs_.front());
    for (const auto& spec : specs_) {
        const json settings = zipml::toJson(spec);
        for (const auto& [key, value] : settings.items())
            if (value != first[key])
                varying.insert(key);
    }
    json runs = json::array();
    for (std::size_t i = 0; i < specs_.size(); ++i) {
        if (results_[i].is_null())
            continue;
        json run = results_[i];
        run["vary"] = json::object();
        for (const auto& key : varying)
            run["vary"][key] = run["spec"][key];
        const json* reference = referenceOf(run, results_);
        run["reference_loss"] = reference != nullptr ? (*reference)["train_loss"] : json(nullptr);
        run["reference_objective"] = reference != nullptr ? (*reference)["objective"] : json(nullptr);
        const bool compares = run["reference_objective"].is_number();
        run["reach"] = json::object();
        for (const double tolerance : kTolerances)
            run["reach"][toleranceName(tolerance)] =
                compares ? reached(run, run["reference_objective"].get<double>(), tolerance) : json(nullptr);
        runs.push_back(std::move(run));
    }
    return {{"kind", kKind}, {"complete", complete()}, {"runs", std::move(runs)}};
}

json Sweep::toPassOn(json sweep) {
    for (json& run : sweep["runs"])
        for (const char* key : {"spec", "vary"})
            run[key] = withNamesOnly(run[key]);
    return sweep;
}

std::string Sweep::toCsv() const {
    const json runs = toJson()["runs"];
    std::string csv;
    const auto cell = [](const json& value) {
        return value.is_null() ? std::string() : value.is_string() ? value.get<std::string>() : value.dump();
    };
    for (const json& run : runs) {
        std::vector<std::pair<std::string, std::string>> cells;
        const json vary = withNamesOnly(run["vary"]);
        for (const auto& [key, value] : vary.items()) {
            std::string text = cell(value);
            std::ranges::replace(text, ',', ';');
            cells.emplace_back(key, text);
        }
        const json& objective = run["final"]["objective"];
        const json& reference = run["reference_objective"];
        const bool compares = objective.is_number() && reference.is_number() && reference.get<double>() > 0;
        cells.emplace_back("status", cell(run["status"]));
        cells.emplace_back("train_loss", cell(run["final"]["train_loss"]));
        cells.emplace_back("objective", cell(objective));
        cells.emplace_back("over_full_precision",
                           compares ? json(objective.get<double>() / reference.get<double>() - 1).dump()
                                    : "");
        cells.emplace_back("test_loss", cell(run["final"]["test_loss"]));
        cells.emplace_back("stored_bits", cell(run["store"]["bits_per_value"]));
        cells.emplace_back("mean_variance", cell(run["store"]["mean_variance"]));
        cells.emplace_back("bytes_moved", cell(run["final"]["bytes_moved"]));
        for (const double tolerance : kTolerances)
            for (const char* field : {"epoch", "bytes_moved", "sample_bytes_moved"}) {
                const json& reach = run["reach"][toleranceName(tolerance)];
                cells.emplace_back(std::string(field) + "_to_" + toleranceName(tolerance),
                                   reach.is_null() ? "" : cell(reach[field]));
            }
        const auto append = [&](auto&& part) {
            for (std::size_t i = 0; i < cells.size(); ++i)
                csv += (i == 0 ? "" : ",") + part(cells[i]);
            csv += '\n';
        };
        if (csv.empty())
            append([](const auto& named) { return named.first; });
        append([](const auto& named) { return named.second; });
    }
    return csv;
}

} // namespace zipml
