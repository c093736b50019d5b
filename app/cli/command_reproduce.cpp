#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "core/base/outputs.h"
#include "core/plot/plots.h"
#include "core/reproduce/reproduce.h"
#include "core/reproduce/words.h"

#include <algorithm>
#include <cstdio>
#include <thread>

namespace zipml::cli {
namespace {

struct ReproduceFlags {
    std::string name = "all";
    ReproduceOptions reproduce;
    std::string data, out;
    bool asJson = false, list = false;
};

int printList(const Experiments& all) {
    for (const auto& experiment : all)
        std::printf("%-16s %-70s %8s (--quick %s)\n", experiment->name().c_str(), experiment->title().c_str(),
                    durationText(experiment->expectedSeconds(false)).c_str(),
                    durationText(experiment->expectedSeconds(true)).c_str());
    return 0;
}

void print(const ExperimentReport& report) {
    std::printf("%s: %s (%s)\n", report.name.c_str(), report.title.c_str(),
                durationText(report.seconds).c_str());
    for (const auto& claim : report.outcome.claims)
        std::printf("  %-14s %s\n%17s%s\n",
                    !claim.holds   ? "not decided"
                    : *claim.holds ? "holds"
                                   : "does not hold",
                    claim.paper.c_str(), "", claim.measured.c_str());
    for (const auto& note : report.outcome.notes)
        std::printf("  %-14s %s\n", "note", note.c_str());
    for (const auto& skipped : report.outcome.skipped)
        std::printf("  %-14s %s\n", "not run", skipped.c_str());
    if (!report.failure.empty())
        std::printf("  %-14s %s\n", "failed", report.failure.c_str());
    std::fflush(stdout);
}

int run(ReproduceFlags options) {
    const Experiments all = allExperiments();
    if (options.list)
        return printList(all);
    const auto chosen = chosenExperiments(all, options.name);
    if (options.data.empty() || options.out.empty())
        throw InputError("reproduce: --data DIR and -o DIR are needed: where the data sets are, and where "
                         "the report goes");
    if (!std::filesystem::is_directory(options.data))
        throw InputError("--data: '" + options.data +
                         "' is no folder; name the one that holds the data sets");
    checkPlots();
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(options.out) / kRecordsFolder, failed);
    Outputs outputs;
    for (const auto& file : reportFiles(options.out))
        outputs.add("--out", file);
    outputs.check();
    options.reproduce.data = options.data;
    options.reproduce.out = options.out;
    RunControl control;
    const StopsOnInterrupt stops(control);
    ReproduceResult result;
    {
        ProgressBar bar;
        ReproduceObserver observer;
        observer.onProgress = [&](double share, std::string_view what, double left) {
            bar.show(share, std::string(what) + ", about " + durationText(left) + " left");
        };
        if (!options.asJson)
            observer.onExperiment = [&bar](const ExperimentReport& report) {
                bar.clear();
                print(report);
            };
        result = reproduce(chosen, options.reproduce, control, observer);
        addRecorded(result, all);
    }
    StopsOnInterrupt::workEnded();
    outputs.write(options.out, [&] { writeReproduceReport(result); });
    if (options.asJson)
        printJson(toJson(result));
    else if (outputs.success())
        std::printf("Report: %s/report.html\n", options.out.c_str());
    if (result.stopped)
        outputs.failed("stopped; what is complete is kept, and the same command goes on from there");
    for (const auto* experiment : chosen) {
        const auto& report =
            *std::ranges::find(result.experiments, experiment->name(), &ExperimentReport::name);
        if (!report.failure.empty())
            outputs.failed(report.name + ": " + report.failure);
    }
    outputs.requireSuccess();
    return 0;
}

} // namespace

void addReproduce(Command& app, Action& chosen) {
    auto* command = app.addSubcommand(
        "reproduce",
        "Repeat the published experiments on real data, with a verdict for each claim; resumable");
    auto options = std::make_shared<ReproduceFlags>();
    command->addOption("NAME", options->name, "An experiment (see --list), or all [all]");
    command
        ->addOption("--data", options->data,
                    "Folder of the data sets; what is missing there is named in the report")
        ->typeName("DIR");
    command
        ->addOption("-o,--out", options->out,
                    "Folder for report.html, report.md, claims.json and records; an existing one is resumed")
        ->typeName("DIR");
    command->addFlag("--quick", options->reproduce.quick, "Smaller settings: minutes instead of hours");
    command->addOption("--seed", options->reproduce.seed, "First seed [1]");
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    options->reproduce.jobs = std::min(options->reproduce.jobs, cores);
    command
        ->addOption("--jobs", options->reproduce.jobs,
                    "Runs at a time, each on one core [2, or 1 on one core]")
        ->range(1, 1024);
    command->addFlag("--list", options->list, "Name the experiments and how long each takes");
    command->addFlag("--json", options->asJson, "Print the claims as JSON and nothing else");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
