#include "app/cli/command.h"
#include "app/cli/compared_runs.h"
#include "app/cli/history.h"
#include "app/cli/interrupt.h"
#include "app/cli/plot_file.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/output_file.h"
#include "core/base/outputs.h"
#include "core/document/record_file.h"
#include "core/study/sweep.h"

#include <algorithm>
#include <cstdio>
#include <thread>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct SweepFlags {
    std::string file, out, csv, plot;
    std::vector<std::string> vary;
    int jobs = 0;
    bool asJson = false, noHistory = false;
    std::unique_ptr<SpecFlags> flags;
};

/// What was found in the file, and what may be meant otherwise.
void printFound(const json& sweep) {
    if (sweep["runs"].empty())
        return;
    const json& data = sweep["runs"][0]["data"];
    const json found = data.value("read_as", json::object()); // not in sweeps of version 0.1
    if (found.value("format", "auto") == "auto")              // generated
        return;
    std::printf("read as %s, label column %s (%s)\n", found["format"].get<std::string>().c_str(),
                found["label_column"].get<std::string>().c_str(),
                data["label_why"].get<std::string>().c_str());
    for (const json& warning : data["warnings"])
        std::printf("warning: %s\n", warning.get<std::string>().c_str());
}

void printTable(const json& sweep) {
    printFound(sweep);
    std::printf("%-44s %-10s %14s %14s %12s %12s %12s\n", "run", "status", "train loss", "objective",
                "over full", "bits stored", "MB moved");
    for (const json& run : sweep["runs"]) {
        const json& loss = run["final"]["train_loss"];
        const json& objective = run["final"]["objective"];
        const json& reference = run["reference_objective"];
        const double value = objective.is_number() ? objective.get<double>() : HUGE_VAL;
        char over[32] = "-";
        if (reference.is_number() && reference.get<double>() > 0)
            std::snprintf(over, sizeof over, "%.4g%%", 100 * (value / reference.get<double>() - 1));
        std::printf("%-44.44s %-10s %14.6g %14.6g %12s %12.4g %12.3f\n",
                    displayName(specFromJson(run["spec"])).c_str(), run["status"].get<std::string>().c_str(),
                    loss.is_number() ? loss.get<double>() : HUGE_VAL, value, over,
                    run["store"]["bits_per_value"].get<double>(),
                    run["final"]["bytes_moved"].get<double>() / 1e6);
    }
}

/// Runs that this call has made.
json newRuns(const json& all, const json& before) {
    json made = json::array();
    for (const json& run : all)
        if (std::ranges::none_of(before, [&](const json& other) { return other["spec"] == run["spec"]; }))
            made.push_back(run);
    return made;
}

int run(const SweepFlags& options) {
    std::vector<Variation> variations;
    for (const auto& text : options.vary)
        variations.push_back(parseVariation(text));
    if (!options.plot.empty())
        checkPlotFile(options.plot);
    const RunSpec base = options.flags->over(specFromFile(options.file));
    const std::vector<RunSpec> specs = expandSweep(base, variations);
    Outputs outputs;
    for (const RunSpec& spec : specs) // the data may be varied, too
        if (spec.data != specs.front().data || &spec == &specs.front())
            outputs.reads(filesRead(options.file, spec));
    outputs.add("--out", options.out);
    outputs.add("--csv", options.csv);
    outputs.add("--plot", options.plot);
    outputs.check();
    Sweep sweep(specs);
    const OutputTarget target = outputTarget(options.out);
    RunControl control;
    const StopsOnInterrupt stops(control);
    std::size_t done = target.exists ? sweep.resumeFrom(options.out, {control.stopToken(), {}}) : 0;
    for (const std::string& note : sweep.notes())
        std::fprintf(stderr, "note: %s\n", note.c_str());
    const json before = sweep.toJson()["runs"]; // in the history already
    const auto save = [&] { writeFileAtomically(options.out, jsonText(sweep.toJson(), 1) + "\n"); };
    std::exception_ptr failure;
    {
        ProgressBar bar;
        const auto show = [&] {
            bar.show(static_cast<double>(done) / static_cast<double>(sweep.size()),
                     std::to_string(done) + " of " + std::to_string(sweep.size()) + " runs");
        };
        show();
        const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        try {
            sweep.run(options.jobs > 0 ? options.jobs : cores, control, [&](std::size_t complete) {
                done = complete;
                if (!target.stream) { // what cannot be written now is written later
                    Outputs now;
                    now.write(options.out, save);
                }
                show();
            });
        } catch (...) { // of one run: the others are kept
            failure = std::current_exception();
        }
    }
    StopsOnInterrupt::workEnded();
    if (failure && done == 0)
        std::rethrow_exception(failure);
    const json result = sweep.toJson();
    outputs.write(options.out, save);
    if (!options.noHistory)
        keepInHistory(newRuns(result["runs"], before), "sweep");
    outputs.write(options.csv, [&] { writeFileAtomically(options.csv, sweep.toCsv()); });
    if (!result["runs"].empty())
        outputs.write(options.plot, [&] {
            drawRuns(comparedRuns(parseRuns(jsonText(result), options.plot).runs), options.plot);
        });
    if (failure)
        std::rethrow_exception(failure);
    if (options.asJson)
        printJson(Sweep::toPassOn(result));
    else
        printTable(result);
    if (control.stopRequested())
        outputs.failed("stopped after " + std::to_string(done) + " of " + std::to_string(sweep.size()) +
                       " runs" +
                       (options.out.empty() ? "; with --out FILE the next call goes on from there"
                                            : "; the same command goes on from there"));
    outputs.requireSuccess();
    return 0;
}

} // namespace

void addSweep(Command& app, Action& chosen) {
    auto* command =
        app.addSubcommand("sweep", "A run for each combination of settings; resumable with --out");
    auto options = std::make_shared<SweepFlags>();
    command->addOption("FILE", options->file, "Data file, synthetic:N (N features), or a spec (*.json)")
        ->required();
    command
        ->addOption(
            "--vary", options->vary,
            "A setting and its values, such as bits=1,2,4; may be given several times. Values with commas "
            "of their own are separated by ';'")
        ->typeName("KEY=VALUES")
        ->required();
    command
        ->addOption("--out", options->out,
                    "Write the runs (JSON) after each one; an existing file is resumed")
        ->typeName("FILE");
    command->addOption("--csv", options->csv, "Write one line a run (CSV)")->typeName("FILE");
    command->addOption("--plot", options->plot, "Draw loss and bias of all runs (.svg, .png or .pdf)")
        ->typeName("FILE");
    command->addOption("--jobs", options->jobs, "Runs at a time; 0: one a core [0]")->range(0, 1024);
    command->addFlag("--json", options->asJson, "Print the runs as JSON and nothing else");
    addHistoryFlag(*command, options->noHistory);
    options->flags = std::make_unique<SpecFlags>(*command);
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
