#include "core/study/tradeoffs_file.h"

#include "core/base/format_version.h"
#include "core/base/json_fields.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"
#include "core/base/number_text.h"
#include "core/base/text_hash.h"

#include <cmath>

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kFileKind = "zipml-tradeoffs";
constexpr int kVersion = 1;

constexpr JsonField<TradeoffSetting> kSettingFields[] = {
    {"device", &TradeoffSetting::device},
    {"bits", &TradeoffSetting::bits},
};
constexpr JsonField<TradeoffResult> kResultFields[] = {
    {"train_loss", &TradeoffResult::trainLoss},   {"bits_per_value", &TradeoffResult::bitsPerValue},
    {"bytes_moved", &TradeoffResult::bytesMoved}, {"seconds", &TradeoffResult::seconds},
    {"message", &TradeoffResult::message},        {"objective", &TradeoffResult::objective},
};
constexpr JsonField<TradeoffRun> kRunFields[] = {{"seed", &TradeoffRun::seed}};

json runJson(const TradeoffRun& run, const TradeoffResult& result) {
    json object{{"estimator", nameOf(run.setting.estimator)},
                {"grid", nameOf(run.setting.grid)},
                {"status", nameOf(result.status)}};
    for (const auto& field : kSettingFields)
        object[field.name] = getField(run.setting, field);
    for (const auto& field : kRunFields)
        object[field.name] = getField(run, field);
    for (const auto& field : kResultFields)
        object[field.name] = getField(result, field);
    return object;
}

std::pair<TradeoffRun, TradeoffResult> runFrom(const json& object) {
    TradeoffRun run;
    TradeoffResult result;
    setFields(run.setting, kSettingFields, object);
    setFields(run, kRunFields, object);
    setFields(result, kResultFields, object);
    const JsonPart part(object);
    run.setting.estimator = parseName<EstimatorKind>(part.get<std::string>("estimator"), "estimator");
    run.setting.grid = parseName<GridKind>(part.get<std::string>("grid"), "grid");
    result.status = parseName<RunStatus>(part.get<std::string>("status"), "status");
    if (result.trainLoss < 0)
        throw InputError("train_loss: " + shortest(result.trainLoss) + " is below 0, which no mean loss is");
    return {run, result};
}

TradeoffResults resultsFrom(const json& object) {
    const JsonPart part(object);
    TradeoffResults results{readIn("base", [&] { return specFromJson(part.at("base").value()); }),
                            part.get<std::string>("data_stamp"),
                            {}};
    const RegularizerKind kind = results.base.regularizer.kind;
    const bool lossOnly = rowOf(kind).value == nullptr; // then the objective is the loss
    for (const JsonPart& each : part.at("runs").list()) {
        static_cast<void>(each.at("status")); // it is an object
        json run = each.value();
        if (!run.contains("objective"))
            run["objective"] = lossOnly ? json() : json("nan");
        if (!results.runs.insert(runFrom(run)).second)
            throw InputError("a run occurs twice");
    }
    if (results.runs.size() != part.get<std::size_t>("count"))
        throw InputError(std::to_string(results.runs.size()) + " runs where " + object["count"].dump() +
                         " were written");
    std::erase_if(results.runs, [](const auto& run) { // of earlier versions: made again
        return run.second.status == RunStatus::Completed && std::isnan(run.second.minimised());
    });
    return results;
}

} // namespace

std::string tradeoffsText(const TradeoffResults& results) {
    json runs = json::array();
    for (const auto& [run, result] : results.runs)
        runs.push_back(runJson(run, result));
    return jsonText({{"kind", kFileKind},
                     {"version", kVersion},
                     {"base", toJson(results.base)},
                     {"data_stamp", results.dataStamp},
                     {"count", results.runs.size()},
                     {"runs", std::move(runs)}}) +
           "\n";
}

TradeoffResults parseTradeoffs(const std::string& text, const std::string& what) {
    constexpr const char* kRemedy = "its runs have to be made again";
    const json object = parseJson(text, what, kRemedy);
    if (!object.is_object() || object.value("kind", json()) != kFileKind)
        throw InputError(what + ": holds no results of trade-offs");
    try {
        formatVersion(object, kVersion);
    } catch (const InputError& error) {
        throw InputError(what + ": " + error.what());
    }
    try {
        return resultsFrom(object);
    } catch (const InputError& error) {
        throw InputError(what + ": is damaged (" + error.what() + "); " + kRemedy);
    }
}

std::string tradeoffsCsv(std::span<const TradeoffPoint> points, double picojoulesPerBit) {
    std::string csv = "device,estimator,grid,bits,bits_stored,runs,diverged,train_loss,train_loss_least,"
                      "train_loss_most,objective,objective_least,objective_most,excess,excess_least,excess_"
                      "most,bytes_moved,seconds,energy_joules\n";
    for (const auto& point : points) {
        const auto number = [](double value) { return std::isfinite(value) ? shortest(value) : ""; };
        const auto range = [&](const std::optional<SeedRange>& values) {
            return values ? number(values->median) + "," + number(values->least) + "," + number(values->most)
                          : std::string(",,");
        };
        const TradeoffSetting& setting = point.setting;
        csv += setting.device + "," + std::string(nameOf(setting.estimator)) + "," +
               (setting.full() ? "" : std::string(nameOf(setting.grid))) + "," +
               std::to_string(setting.bits) + "," + number(point.bitsPerValue) + "," +
               std::to_string(point.runs) + "," + std::to_string(point.diverged) + "," + range(point.loss) +
               "," + range(point.objective) + "," + range(point.excess) + "," + number(point.bytes.median) +
               "," + number(point.seconds.median) + "," +
               number(movingEnergy(point.bytes.median, picojoulesPerBit)) + "\n";
    }
    return csv;
}

std::string tradeoffsFileName(const RunSpec& base) {
    return "tradeoffs-" + textHash(jsonText(toJson(baseOf(base)))) + ".json";
}

} // namespace zipml
