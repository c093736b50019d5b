#include "app/cli/command.h"
#include "app/cli/compared_runs.h"
#include "app/cli/plot_file.h"
#include "core/base/file.h"
#include "core/base/outputs.h"
#include "core/compare/long_table.h"
#include "core/data/source_name.h"
#include "core/document/record_file.h"

#include <cmath>
#include <cstdio>
#include <iostream>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct CompareFlags {
    std::vector<std::string> records;
    std::string plot, report, csv;
    bool asJson = false;
};

std::vector<SessionRun> readAll(const std::vector<std::string>& files) {
    std::vector<SessionRun> runs;
    for (const std::string& name : files) {
        RunFile file = readRuns(name);
        if (file.cut)
            std::cerr << "zipml: " << name << ": what stands last is cut short, and is left out\n";
        std::ranges::move(file.runs, std::back_inserter(runs));
    }
    return runs;
}

const EpochRecord& lastOf(const RunRecord& record) {
    return record.epochs.empty() ? record.initial : record.epochs.back();
}

/// How far the objective is above the exact optimum's, as a share; nothing where that is not known or 0.
std::optional<double> aboveOptimum(const RunRecord& record) {
    const auto minimum = record.setup.minimum();
    return minimum && *minimum > 0 ? std::optional(lastOf(record).minimised() / *minimum - 1) : std::nullopt;
}

json numberOrNull(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? json(*value) : json();
}

json comparisonJson(const std::vector<ComparedRun>& runs) {
    json list = json::array();
    for (const auto& [name, record] : runs) {
        const EpochRecord& last = lastOf(record);
        list.push_back({{"name", name},
                        {"status", nameOf(record.status)},
                        {"bits_per_value", record.setup.bitsPerValue},
                        {"final", toJson(last)},
                        {"above_optimum", numberOrNull(aboveOptimum(record))},
                        {"spec", withNamesOnly(toJson(record.spec))}});
    }
    return {{"runs", list}};
}

void printTable(const std::vector<ComparedRun>& runs) {
    const auto shown = [](const std::optional<double>& value, const char* format) {
        char text[32] = "-";
        if (value)
            std::snprintf(text, sizeof text, format, *value);
        return std::string(text);
    };
    std::printf("%-44s %-10s %11s %7s %14s %14s %12s %14s %12s\n", "run", "status", "bits stored", "epochs",
                "train loss", "objective", "above opt.", "test loss", "MB moved");
    for (const auto& [name, record] : runs) {
        const EpochRecord& last = lastOf(record);
        const auto above = aboveOptimum(record);
        std::printf("%-44s %-10s %11.4g %7d %14.6g %14.6g %12s %14s %12.3f\n", name.c_str(),
                    std::string(nameOf(record.status)).c_str(), record.setup.bitsPerValue, last.epoch,
                    last.trainLoss, last.minimised(),
                    shown(above ? std::optional(100 * *above) : std::nullopt, "%.4g%%").c_str(),
                    shown(last.testLoss, "%.6g").c_str(), static_cast<double>(last.bytesMoved) / 1e6);
    }
}

int run(const CompareFlags& options) {
    Outputs outputs;
    for (const std::string& record : options.records)
        outputs.reads(record);
    outputs.add("--plot", options.plot);
    outputs.add("--report", options.report);
    outputs.add("--csv", options.csv);
    outputs.check();
    if (!options.plot.empty())
        checkPlotFile(options.plot);
    if (!options.report.empty()) {
        checkReportFile(options.report);
        checkPlots();
    }
    const std::vector<ComparedRun> runs = comparedRuns(readAll(options.records));
    outputs.write(options.plot, [&] { drawRuns(runs, options.plot); });
    outputs.write(options.report, [&] { writeComparison(runs, options.report); });
    outputs.write(options.csv, [&] {
        std::vector<TabledRun> tabled;
        tabled.reserve(runs.size());
        for (const auto& [name, record] : runs)
            tabled.push_back({name, &record.initial, record.epochs});
        writeFileAtomically(options.csv, longTable(tabled));
    });
    if (options.asJson)
        printJson(comparisonJson(runs));
    else
        printTable(runs);
    outputs.requireSuccess();
    return 0;
}

} // namespace

void addCompare(Command& app, Action& chosen) {
    auto* command = app.addSubcommand("compare", "Hold finished runs side by side: table, plots, report");
    auto options = std::make_shared<CompareFlags>();
    command
        ->addOption("RECORD", options->records,
                    "Records, sweeps or streams of them (*.json, *.jsonl), as train and sweep write them")
        ->required();
    command->addOption("--plot", options->plot, "Draw loss and bias (.svg, .png or .pdf)")->typeName("FILE");
    command->addOption("--report", options->report, "Write plots, results and settings (.html or .pdf)")
        ->typeName("FILE");
    command->addOption("--csv", options->csv, "Write run, epoch, quantity, value; one line a number (CSV)")
        ->typeName("FILE");
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
