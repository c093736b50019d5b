#include "core/reproduce/sweep_experiment.h"

#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/reproduce/data_sets.h"
#include "core/spec/json_block.h"

#include <algorithm>
#include <iterator>

namespace zipml {
namespace {

using nlohmann::json;

/// A logarithmic axis shows no less than this: an excess of 0.001% is full precision's own noise.
constexpr double kLeastShown = 1e-5;

std::string textOf(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

Variation variationOf(const std::string& key, const std::vector<json>& values) {
    Variation variation{key, {}};
    for (const json& value : values)
        variation.values.push_back(textOf(value));
    return variation;
}

bool allowed(const std::map<std::string, std::vector<json>>& only, const std::string& key,
             const json& value) {
    const auto found = only.find(key);
    return found == only.end() || std::ranges::find(found->second, value) != found->second.end();
}

json merged(json base, const json& over) {
    base.update(over);
    return base;
}

} // namespace

SweepExperiment::SweepExperiment(const std::string& text, std::string name) : name_(std::move(name)) {
    try {
        parse(json::parse(text));
        for (const bool quick : {true, false}) {
            for (const auto& data : dataNames(quick))
                (void)specs(experimentData(data).settings, quick, 1);
        }
    } catch (const InputError& error) {
        throw InputError(name_ + ": " + error.what());
    } catch (const json::exception& error) {
        throw InputError(name_ + ": " + error.what());
    }
}

void SweepExperiment::parse(const json& object) {
    JsonBlock block(object);
    title_ = block.need<std::string>("title");
    published_ = block.need<std::string>("published");
    method_ = block.need<std::string>("method");
    const json seconds = block.need<json>("seconds");
    fullSeconds_ = seconds.at("full").get<double>();
    quickSeconds_ = seconds.at("quick").get<double>();
    data_ = block.need<std::vector<std::string>>("data");
    base_ = block.take("base", json::object());
    seeds_ = block.take("seeds", 1);
    for (const json& each : block.need<json>("groups")) {
        JsonBlock group(each);
        groups_.push_back({group.take("set", json::object()), group.take("vary", Values()),
                           group.take("together", Values())});
        group.end();
        for (const auto& [key, values] : groups_.back().together)
            if (values.size() != groups_.back().together.begin()->second.size())
                throw InputError("together: '" + key + "' has another number of values than the first key");
    }
    const json quickObject = block.take("quick", json::object());
    quickText_ = quickObject.dump();
    JsonBlock quick(quickObject);
    quickBase_ = quick.take("base", json::object());
    quickSeeds_ = quick.take("seeds", seeds_);
    quickOnly_ = quick.take("only", Values());
    if (auto chosen = quick.take("data", std::vector<std::string>()); !chosen.empty())
        quickData_ = std::move(chosen);
    quick.end();
    for (const json& each : block.take<json>("charts", json::array())) {
        JsonBlock chart(each);
        ChartSpec spec;
        spec.title = chart.need<std::string>("title");
        spec.caption = chart.need<std::string>("caption");
        spec.x = chart.need<std::string>("x");
        spec.y = chart.need<std::string>("y");
        spec.xLabel = chart.need<std::string>("x_label");
        spec.yLabel = chart.need<std::string>("y_label");
        spec.logarithmic = chart.take("logarithmic", true);
        spec.data = chart.take("data", spec.data);
        for (const json& line : chart.need<json>("lines")) {
            JsonBlock parts(line);
            spec.lines.push_back({parts.need<std::string>("name"), parts.need<json>("with"),
                                  parts.take("x", spec.x), parts.take("y", spec.y)});
            parts.end();
            for (const auto& [key, value] : spec.lines.back().with.items())
                specKey(key);
        }
        chart.end();
        charts_.push_back(std::move(spec));
    }
    for (const json& each : block.take<json>("columns", json::array())) {
        JsonBlock column(each);
        columns_.push_back({column.need<std::string>("name"), quantityFrom(column.need<json>("value")), {}});
        if (const json over = column.take<json>("over", nullptr); !over.is_null())
            columns_.back().over = quantityFrom(over);
        column.end();
    }
    for (const json& claim : block.take<json>("claims", json::array()))
        claims_.push_back(claimFrom(claim));
    block.end();
}

std::vector<std::string> SweepExperiment::dataNames(bool quick) const {
    return quick && quickData_ ? *quickData_ : data_;
}

std::vector<RunSpec> SweepExperiment::specs(const json& settings, bool quick, std::uint64_t firstSeed) const {
    const json usual = {{"arithmetic", "float"}}; // the paper's: nothing is rounded but what it says
    const json base = merged(merged(merged(usual, settings), base_), quick ? quickBase_ : json::object());
    const Values only = quick ? quickOnly_ : Values();
    Variation seeds{"seed", {}};
    for (int i = 0; i < (quick ? quickSeeds_ : seeds_); ++i)
        seeds.values.push_back(std::to_string(firstSeed + static_cast<std::uint64_t>(i)));
    std::vector<RunSpec> all;
    for (const auto& group : groups_) {
        std::vector<Variation> variations;
        for (const auto& [key, values] : group.vary) {
            std::vector<json> kept;
            for (const json& value : values)
                if (allowed(only, key, value))
                    kept.push_back(value);
            variations.push_back(variationOf(key, kept));
        }
        variations.push_back(seeds);
        const std::size_t cases = group.together.empty() ? 1 : group.together.begin()->second.size();
        for (std::size_t i = 0; i < cases; ++i) {
            json set = group.set;
            bool kept = true;
            for (const auto& [key, values] : group.together) {
                set[key] = values[i];
                kept = kept && allowed(only, key, values[i]);
            }
            if (kept)
                std::ranges::move(expandSweep(specFromJson(merged(base, set)), variations),
                                  std::back_inserter(all));
        }
    }
    return all;
}

DataRuns SweepExperiment::runOn(const std::string& dataName, Workplace& place, double begin, double end,
                                Outcome& outcome) const {
    const ExperimentData& set = experimentData(dataName);
    const auto& options = place.options();
    DataRuns data{set.name, set.title, set.generated};
    const auto settings = locate(set, options.data, options.out / "data");
    if (!settings) {
        outcome.skipped.push_back(missingText(set, options.data));
        return data;
    }
    Sweep sweep(specs(*settings, options.quick, options.seed));
    const auto file = place.recordFolder(name_) / (set.name + ".json");
    std::size_t done = 0;
    if (std::filesystem::exists(file)) {
        std::string damage;
        try {
            static_cast<void>(readSweep(file));
        } catch (const InputError& error) { // a damaged record is made again, and costs no other
            damage = error.what();
            outcome.notes.push_back(damage + "; all of its runs were made again");
        }
        done = damage.empty() ? sweep.resumeFrom(file) : 0;
        std::ranges::copy(sweep.notes(), std::back_inserter(outcome.notes));
    }
    const auto show = [&] {
        place.report(begin + (end - begin) * static_cast<double>(done) / static_cast<double>(sweep.size()),
                     set.title + ", run " + std::to_string(std::min(done + 1, sweep.size())) + " of " +
                         std::to_string(sweep.size()));
    };
    const auto save = [&] { writeFileAtomically(file, jsonText(sweep.toJson(), 1) + "\n"); };
    show();
    sweep.run(options.jobs, place.control(), [&](std::size_t complete) {
        done = complete;
        save();
        show();
    });
    save();
    writeFileAtomically(place.recordFolder(name_) / (set.name + ".csv"), sweep.toCsv());
    if (sweep.complete()) // half of the runs could be read as a result
        data.runs = sweep.toJson()["runs"];
    else
        outcome.complete = false;
    return data;
}

std::vector<Chart> SweepExperiment::chartsOf(const DataRuns& data) const {
    std::vector<Chart> charts;
    for (const auto& spec : charts_) {
        if (!spec.data.empty() && std::ranges::find(spec.data, data.name) == spec.data.end())
            continue;
        Chart chart{
            spec.title + ": " + data.title, spec.caption, spec.xLabel, spec.yLabel, spec.logarithmic, {}};
        for (const auto& line : spec.lines) {
            Points points = line.x == "epoch" ? epochsOf(line.y, line.with, data)
                                              : pointsOf(line.x, line.y, line.with, data);
            if (spec.logarithmic && line.y == "excess")
                for (double& y : points.y)
                    y = std::max(y, kLeastShown);
            if (!points.x.empty())
                chart.lines.push_back({line.name, std::move(points.x), std::move(points.y)});
        }
        if (!chart.lines.empty())
            charts.push_back(std::move(chart));
    }
    return charts;
}

Table SweepExperiment::tableOf(std::span<const DataRuns> all) const {
    Table table{title_, {"Data"}, {}};
    for (const auto& column : columns_)
        table.header.push_back(column.name);
    for (const auto& data : all) {
        std::vector<std::string> row{data.title};
        for (const auto& column : columns_) {
            auto reading = read(column.value, data, all);
            if (column.over)
                reading = quotient(reading, read(*column.over, data, all));
            row.push_back(reading ? toText(*reading) : "-");
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Outcome SweepExperiment::run(Workplace& place) const {
    Outcome outcome;
    const auto names = dataNames(place.options().quick);
    if (place.options().quick) {
        outcome.notes.push_back("Quick settings, which change or leave out: " + quickText_);
        for (const auto& name : data_)
            if (std::ranges::find(names, name) == names.end())
                outcome.skipped.push_back(experimentData(name).title + ": left out by --quick");
    }
    std::vector<DataRuns> all;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto share = [&](std::size_t of) {
            return static_cast<double>(of) / static_cast<double>(names.size());
        };
        DataRuns data = runOn(names[i], place, share(i), share(i + 1), outcome);
        if (!data.runs.empty())
            all.push_back(std::move(data));
    }
    for (const auto& data : all)
        std::ranges::move(chartsOf(data), std::back_inserter(outcome.charts));
    if (!columns_.empty() && !all.empty())
        outcome.tables.push_back(tableOf(all));
    for (const auto& claim : claims_) {
        outcome.claims.push_back(judge(claim, all));
        Verdict& verdict = outcome.claims.back();
        if (!outcome.complete && verdict.holds != claim.any) { // what is missing could turn it
            verdict.holds.reset();
            verdict.note = "Stopped before all runs were made.";
        }
    }
    return outcome;
}

} // namespace zipml
