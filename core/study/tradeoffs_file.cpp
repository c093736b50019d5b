#include "core/study/tradeoffs_file.h"

#include "core/base/json_fields.h"
#include "core/base/number_text.h"

#include <cmath>
#include <cstdio>

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
    run.setting.estimator = parseName<EstimatorKind>(object.at("estimator").get<std::string>(), "estimator");
    run.setting.grid = parseName<GridKind>(object.at("grid").get<std::string>(), "grid");
    result.status = parseName<RunStatus>(object.at("status").get<std::string>(), "status");
    return {run, result};
}

TradeoffResults resultsFrom(const json& object) {
    TradeoffResults results{specFromJson(object.at("base")), object.at("data_stamp").get<std::string>(), {}};
    const RegularizerKind kind = results.base.regularizer.kind;
    const bool lossOnly = rowOf(kind).value == nullptr; // then the objective is the loss
    for (json run : object.at("runs")) {
        if (!run.contains("objective"))
            run["objective"] = lossOnly ? json() : json("nan");
        if (!results.runs.insert(runFrom(run)).second)
            throw InputError("a run occurs twice");
    }
    if (results.runs.size() != object.at("count").get<std::size_t>())
        throw InputError(std::to_string(results.runs.size()) + " runs where " + object.at("count").dump() +
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
    return json{{"kind", kFileKind},
                {"version", kVersion},
                {"base", toJson(results.base)},
                {"data_stamp", results.dataStamp},
                {"count", results.runs.size()},
                {"runs", std::move(runs)}}
               .dump() +
           "\n";
}

TradeoffResults parseTradeoffs(const std::string& text, const std::string& what) {
    json object;
    try {
        object = json::parse(text);
        if (!object.is_object() || object.value("kind", "") != kFileKind)
            throw InputError(what + ": holds no results of trade-offs");
        if (object.at("version").get<int>() > kVersion)
            throw InputError(what + ": was written by a newer version of ZipML Lab; use that one");
    } catch (const json::exception&) {
        throw InputError(what + ": is damaged or cut short; its runs have to be made again");
    }
    try {
        return resultsFrom(object);
    } catch (const std::exception& error) {
        throw InputError(what + ": is damaged (" + error.what() + "); its runs have to be made again");
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
    std::uint64_t hash = 0xcbf29ce484222325U; // FNV-1a: the same in every build, unlike std::hash
    for (const char c : toJson(baseOf(base)).dump())
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    char name[40];
    std::snprintf(name, sizeof name, "tradeoffs-%016llx.json", static_cast<unsigned long long>(hash));
    return name;
}

} // namespace zipml
