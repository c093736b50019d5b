#include "app/cli/bench_report.h"
#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "core/base/error.h"

#include <cstdio>
#include <memory>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct BenchFlags {
    ThroughputOptions throughput;
    ConvergenceOptions convergence;
    std::vector<std::string> sources;
    std::size_t workingSetMegabytes = 0, batch = 0;
    int threads = 1, repeats = 0;
    std::string order = "shuffled";
    bool asJson = false;
};

[[noreturn]] void stoppedAfter(std::size_t done, std::size_t all, const std::string& what) {
    throw RunError("stopped after " + std::to_string(done) + " of " + std::to_string(all) + " " + what);
}

int runThroughput(const BenchFlags& options) {
    ThroughputOptions wanted = options.throughput;
    wanted.workingSetBytes = options.workingSetMegabytes << 20;
    if (options.batch > 0)
        wanted.batch = options.batch;
    wanted.threads = options.threads;
    wanted.order = parseName<RowOrder>(options.order, "--order");
    if (options.repeats > 0)
        wanted.repeats = options.repeats;
    RunControl control;
    const StopsOnInterrupt stops(control);
    ThroughputResult result;
    {
        ProgressBar bar;
        result = measureThroughput(wanted, control,
                                   [&](double share, std::string_view what) { bar.show(share, what); });
    }
    StopsOnInterrupt::workEnded();
    options.asJson ? printJson(toJson(result)) : printThroughput(result);
    if (result.stopped)
        stoppedAfter(result.tables.size(), wanted.features.size(),
                     "feature counts; the last one may have fewer rounds");
    return 0;
}

int runConvergence(const BenchFlags& options) {
    ConvergenceOptions wanted = options.convergence;
    wanted.threads = options.threads;
    if (options.batch > 0)
        wanted.batch = options.batch;
    if (options.repeats > 0)
        wanted.repeats = options.repeats;
    RunControl control;
    const StopsOnInterrupt stops(control);
    std::vector<ConvergenceTable> tables;
    try {
        ProgressBar bar;
        for (const std::string& source : options.sources)
            tables.push_back(
                measureConvergence(source, wanted, control, [&](double share, std::string_view what) {
                    bar.show((static_cast<double>(tables.size()) + share) /
                                 static_cast<double>(options.sources.size()),
                             what);
                }));
    } catch (const Cancelled&) { // what is complete is shown
    }
    StopsOnInterrupt::workEnded();
    json converge = json::array();
    for (const ConvergenceTable& table : tables)
        options.asJson ? converge.push_back(toJson(table, wanted)) : printConvergence(table, wanted);
    if (options.asJson)
        printJson({{"converge", converge}});
    if (control.stopRequested())
        stoppedAfter(tables.size(), options.sources.size(), "data sets");
    return 0;
}

} // namespace

void addBench(Command& app, Action& chosen) {
    auto* command = app.addSubcommand(
        "bench",
        "Throughput of every store width and estimator against float32, out of cache, in one process");
    auto options = std::make_shared<BenchFlags>();
    auto* features = command
                         ->addOption("--features", options->throughput.features,
                                     "Numbers of features, 1 to 65536 each [90,1024,5000]")
                         ->delimiter(',')
                         ->typeName("N,N,...");
    auto* workingSet =
        command
            ->addOption("--working-set-mb", options->workingSetMegabytes,
                        "Size of each store and of the float32 rows, in MB (2^20 bytes); 0: ten "
                        "times the last-level cache [0]")
            ->range(0, 1 << 20);
    auto* order = command->addOption(
        "--order", options->order, "Order of the minibatches: shuffled, as in training, or file [shuffled]");
    command
        ->addOption("--batch", options->batch,
                    "Rows a step, a multiple of 16; 0: 2048, or 256 with --converge [0]")
        ->range(0, 1 << 16);
    command->addOption("--threads", options->threads, "Threads; 0: one a core [1]")->range(0, 1024);
    command
        ->addOption("--repeats", options->repeats,
                    "Rounds over all rows of a table, after one to warm up; 0: 9, or 3 with --converge [0]")
        ->range(0, 1000);
    auto* converge =
        command
            ->addOption("--converge", options->sources,
                        "Measure instead the seconds of training on this data until the loss is within "
                        "1% of full precision's; may be given several times")
            ->typeName("FILE|synthetic:N");
    for (auto* other : {features, workingSet, order})
        converge->excludes(other);
    command->addOption("--epochs", options->convergence.epochs, "With --converge: most epochs of a run [100]")
        ->range(1, 1'000'000)
        ->needs(converge);
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    command->callback([&chosen, options] {
        chosen = [options] {
            return options->sources.empty() ? runThroughput(*options) : runConvergence(*options);
        };
    });
}

} // namespace zipml::cli
