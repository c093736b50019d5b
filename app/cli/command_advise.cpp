#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/advise/proof.h"
#include "core/base/outputs.h"
#include "core/plot/plots.h"

#include <cstdio>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct Options {
    std::string file, report;
    std::string tolerance = "1%";
    int mostBits = kMostAdvisedBits;
    int seeds = 3;
    bool prove = false;
    bool asJson = false;
    std::unique_ptr<SpecFlags> flags;
};

/// "Double sampling, optimal levels"
std::string curveName(const TradeoffSetting& setting) {
    const std::string name = nameOf(setting);
    return name.substr(0, name.rfind(','));
}

void printColumns(const Advice& advice) {
    constexpr int kShown[] = {1, 2, 4, 8};
    std::printf("\nRounding variance as a share of the column's, uniform / optimal levels\n%-24s %9s",
                "column", "skewness");
    for (const int bits : kShown)
        std::printf("  %13d bit%s", bits, bits == 1 ? " " : "s");
    std::printf("\n");
    for (const ColumnRounding& column : advice.columns) {
        std::printf("%-24.24s %9.3g", column.name.c_str(), column.skewness);
        for (const int bits : kShown) {
            const auto i = static_cast<std::size_t>(bits - 1);
            std::printf("  %8.2g /%8.2g", column.uniform[i], column.optimal[i]);
        }
        std::printf("%s\n", column.constant ? "  constant" : "");
    }
}

/// A line an estimator with its levels, a column a width.
void printForecasts(const Advice& advice) {
    std::printf("\nForecast objective over full precision's, by bits\n%-38s", "");
    for (int bits = 1; bits <= advice.plan.mostBits; ++bits)
        std::printf("%10d", bits);
    std::string name;
    for (const AdvicePoint& point : advice.points) {
        if (const std::string now = curveName(point.setting); now != name)
            std::printf("\n%-38s", (name = now).c_str());
        std::printf("%10s", overText(point.overFull, "x").c_str());
    }
    std::printf("\n");
    for (const auto& [why, count] : advice.leftOut)
        std::printf("left out, %zu: %s\n", count, why.c_str());
}

void printGroups(const Advice& advice, double tolerance) {
    const auto best = bestPoint(advice, tolerance);
    if (!best)
        return;
    std::printf("\nA width for each column would do (forecast; a store has one width for all):\n");
    for (const ColumnGroup& group : columnGroups(advice, *best, tolerance)) {
        std::printf("  %s:", group.bits == 0 ? "constant" : bitsPhrase(group.bits).c_str());
        std::size_t shown = 0;
        for (const std::size_t f : group.columns) {
            if (shown++ == 12) {
                std::printf(" and %zu more", group.columns.size() - 12);
                break;
            }
            std::printf(" %s", advice.columns[f].name.c_str());
        }
        std::printf("\n");
    }
}

void printProof(const Proof& proof) {
    std::printf("\n%-44s %12s %12s %9s %9s\n", "objective above the optimum's, of it", "forecast", "measured",
                "ratio", "runs");
    for (const ProofRow& row : proof.rows) {
        std::printf("%-44s ", nameOf(row.setting).c_str());
        if (!row.failure.empty()) {
            std::printf("%s\n", row.failure.c_str());
            continue;
        }
        std::printf("%12s %12s %9.3g %6zu%s%s\n", overText(row.forecast / row.optimum, "x").c_str(),
                    overText(row.measured / row.optimum, "x").c_str(), row.ratio(), row.runs,
                    row.within(2) ? "" : "  off by more than 2",
                    row.diverged > 0 ? (", " + std::to_string(row.diverged) + " diverged").c_str() : "");
    }
    std::printf(
        "\n%.1f%% of the forecasts are within a factor of 2 of the excess that was measured, %.1f%% of "
        "the objective itself\n",
        100 * proof.share(2), 100 * proof.objectiveShare(2));
}

void print(const Advice& advice, double tolerance, const std::optional<Proof>& proof) {
    std::printf("%s: %zu rows, %zu features; advised in %.1f s without training\n", advice.dataName.c_str(),
                advice.rows, advice.features, advice.seconds);
    if (const std::string note = approximationNote(advice); !note.empty())
        std::printf("%s\n", note.c_str());
    printColumns(advice);
    printForecasts(advice);
    printGroups(advice, tolerance);
    if (proof)
        printProof(*proof);
    std::printf("\n%s\n", sentenceOf(advice, tolerance).c_str());
}

class ProofObserver final : public TradeoffObserver {
  public:
    ProofObserver(ProgressBar& bar, std::size_t runs) : bar_(bar), runs_(runs) {}
    void onProgress(const TradeoffRun& run, double share, std::string_view) override {
        bar_.show((static_cast<double>(done_) + share) / static_cast<double>(runs_), nameOf(run.setting));
    }
    void onResult(const TradeoffRun&, const TradeoffResult&) override { ++done_; }
    void onFailure(const TradeoffRun& run, const std::string& message) override {
        ++done_;
        failures.emplace(run.setting, message);
    }
    std::map<TradeoffSetting, std::string> failures;

  private:
    ProgressBar& bar_;
    std::size_t runs_, done_ = 0;
};

Proof prove(const Advice& advice, int seeds, ProgressBar& bar) {
    const TradeoffPlan plan = proofPlan(advice, seeds);
    TradeoffResults results;
    results.base = baseOf(plan.base);
    ProofObserver observer(bar, runsOf(plan, settingsOf(plan).chosen).size());
    RunControl control;
    const StopsOnInterrupt stops(control);
    runTradeoffs(plan, results, observer, control);
    if (control.stopRequested())
        throw RunError("stopped before all runs of the proof were made");
    Proof proof = proofOf(advice, results);
    for (ProofRow& row : proof.rows)
        if (const auto failed = observer.failures.find(row.setting); failed != observer.failures.end())
            row.failure = failed->second;
    return proof;
}

int run(const Options& options) {
    const double tolerance = parseTolerance(options.tolerance);
    const RunSpec spec = options.flags->over(specFromFile(options.file));
    requireSettings({.spec = spec});
    if (!options.report.empty()) {
        checkReportFile(options.report);
        checkPlots();
    }
    Outputs outputs;
    outputs.reads(filesRead(options.file, spec));
    outputs.add("--report", options.report);
    outputs.check();
    ProgressBar bar;
    const Job job{{}, [&bar](double share, std::string_view what) { bar.show(share, what); }};
    TradeoffPlan plan = advicePlan(spec);
    plan.mostBits = options.mostBits;
    settingsOf(plan); // refuses what cannot be compared before it is read
    const auto data = prepareData(spec, partOf(job, 0, 0.3));
    ThreadTeam team(spec.threads);
    const Advice advice = advise(plan, *data, team, partOf(job, 0.3, 1));
    std::optional<Proof> proof;
    if (options.prove)
        proof = prove(advice, options.seeds, bar);
    bar.clear();
    outputs.write(options.report,
                  [&] { writeAdviceReport(advice, tolerance, proof ? &*proof : nullptr, options.report); });
    if (options.asJson) {
        json result = toJson(advice, tolerance);
        if (proof)
            result["proof"] = toJson(*proof);
        printJson(result);
    } else {
        print(advice, tolerance, proof);
    }
    outputs.requireSuccess();
    return 0;
}

} // namespace

void addAdvise(Command& app, Action& chosen) {
    auto* command = app.addSubcommand(
        "advise", "Forecast without training how many bits your data needs, and prove it by runs");
    auto options = std::make_shared<Options>();
    command->addOption("FILE", options->file, "Data file, synthetic:N (N features), or a spec (*.json)")
        ->required();
    command
        ->addOption("--tolerance", options->tolerance,
                    "How far the objective may be above full precision's: 1% or 0.01 [1%]")
        ->typeName("SHARE");
    command->addOption("--most-bits", options->mostBits, "Widths from 1 to this are looked at [8]")
        ->range(1, kMostAdvisedBits);
    command->addFlag("--prove", options->prove, "Train every setting and hold the forecasts against it");
    command->addOption("--seeds", options->seeds, "Runs of each setting with --prove [3]")->range(1, 100);
    command
        ->addOption("--report", options->report,
                    "Write a page for those who build the hardware (.html or .pdf)")
        ->typeName("FILE");
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    options->flags = std::make_unique<SpecFlags>(*command);
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
