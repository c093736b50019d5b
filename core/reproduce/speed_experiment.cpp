#include "core/reproduce/speed_experiment.h"

#include "core/bench/convergence.h"
#include "core/bench/throughput.h"
#include "core/kernels/cpu.h"
#include "core/reproduce/words.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

using nlohmann::json;

constexpr double kPublished = 6.5;
constexpr const char* kPaper =
    "Up to 6.5 times faster than the full 32-bit implementation, on an FPGA (read in the source)";

std::string megabytes(std::size_t bytes) {
    return std::to_string(bytes >> 20U) + " MB";
}

/// The row with the largest number at `key`; null where there is none.
const json* largest(const json& rows, const char* key) {
    const json* found = nullptr;
    for (const json& row : rows)
        if (row[key].is_number() && row["estimator"] != "full" &&
            (found == nullptr || row[key].get<double>() > (*found)[key].get<double>()))
            found = &row;
    return found;
}

Verdict speedVerdict(const std::string& name, const json& rows, const char* key, const std::string& what,
                     const std::string& note) {
    Verdict verdict{name, kPaper, what + ": not measured", {}, note};
    if (const json* best = largest(rows, key)) {
        verdict.measured = what + ": " + numberText((*best)[key].get<double>(), "%.2f") + " times float32 (" +
                           (*best)["estimator"].get<std::string>() + ", " + (*best)["bits"].dump() + " bits)";
        verdict.holds = (*best)[key].get<double>() >= kPublished;
    }
    return verdict;
}

json convergenceRows(const ConvergenceTable& table) {
    json rows = json::array();
    for (const auto& run : table.runs)
        rows.push_back(
            {{"data", table.source},
             {"estimator", nameOf(run.spec.estimator)},
             {"bits", run.spec.estimator == EstimatorKind::Full ? 32 : run.spec.bits},
             {"stored_bits", run.bitsPerValue},
             {"reached", run.reached},
             {"epochs", run.epochs},
             {"loss", run.loss},
             {"reference_loss", table.reference},
             {"seconds", run.seconds.median},
             {"seconds_per_epoch", run.secondsPerEpoch},
             {"times_faster", run.reached && table.hasRatios() ? json(run.ratio.median) : json(nullptr)},
             {"kernel", run.kernel}});
    return rows;
}

class Convergence final : public Experiment {
  public:
    [[nodiscard]] std::string name() const override { return "time-to-loss"; }
    [[nodiscard]] std::string title() const override {
        return "Time to full precision's loss on this processor";
    }
    [[nodiscard]] std::string published() const override { return std::string(kPaper) + "."; }
    [[nodiscard]] std::string method() const override {
        return "Seconds of training on one core, without evaluation, until the training loss is within 1% of "
               "the exact optimum; "
               "float32 and each width in turn, integer arithmetic, batches of 256 rows, medians. Timings "
               "depend on what else runs.";
    }
    [[nodiscard]] double expectedSeconds(bool quick) const override { return quick ? 20 : 400; }

    Outcome run(Workplace& place) const override {
        const bool quick = place.options().quick;
        const std::vector<std::string> sources =
            quick ? std::vector<std::string>{"synthetic:90x50000,heavy-tailed,r2=0.25"}
                  : std::vector<std::string>{"synthetic:90x463715,heavy-tailed,r2=0.25",
                                             "synthetic:1024x200000,r2=0.9"};
        ConvergenceOptions options;
        options.bits = {8, 6, 4, 3, 2};
        options.epochs = quick ? 15 : 40;
        options.repeats = quick ? 1 : 3;
        Outcome outcome;
        json rows = json::array();
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const json inputs = {{"source", sources[i]},
                                 {"epochs", options.epochs},
                                 {"repeats", options.repeats},
                                 {"bits", options.bits}};
            const json measured = place.measured(name(), "set" + std::to_string(i + 1), inputs, [&] {
                return convergenceRows(measureConvergence(
                    sources[i], options, place.control(), [&](double share, std::string_view what) {
                        place.report((static_cast<double>(i) + share) / static_cast<double>(sources.size()),
                                     what);
                    }));
            });
            rows.insert(rows.end(), measured.begin(), measured.end());
        }
        Table table{title(),
                    {"Estimator", "Bits", "Stored bits", "Data", "Epochs", "Seconds", "Times faster", "Loss"},
                    {}};
        for (const json& row : rows)
            table.rows.push_back(
                {row["estimator"].get<std::string>(), row["bits"].dump(),
                 numberText(row["stored_bits"].get<double>()), row["data"].get<std::string>(),
                 row["reached"] == true ? row["epochs"].dump() : "not in " + row["epochs"].dump(),
                 numberText(row["seconds"].get<double>(), "%.3g"),
                 row["times_faster"].is_number() ? numberText(row["times_faster"].get<double>(), "%.2f")
                                                 : "-",
                 numberText(row["loss"].get<double>())});
        outcome.tables.push_back(std::move(table));
        outcome.claims.push_back(
            speedVerdict("cpu-time-to-loss", rows, "times_faster", "fastest to reach the loss",
                         "The published number is an FPGA's; one core's memory bandwidth bounds it here."));
        if (quick)
            outcome.notes.emplace_back(
                "Quick settings: one set of 50,000 rows, one repeat (full: 463,715 x 90 "
                "and 200,000 x 1,024, three).");
        return outcome;
    }
};

json throughputRows(const ThroughputResult& result) {
    json rows = json::array();
    for (const auto& table : result.tables)
        for (const auto& row : table.rows)
            rows.push_back({{"features", table.features},
                            {"estimator", nameOf(row.contender.estimator)},
                            {"bits", row.contender.bits},
                            {"arithmetic", nameOf(row.contender.arithmetic)},
                            {"grid", toString(row.contender.grid)},
                            {"store", nameOf(row.contender.store)},
                            {"stored_bits", row.bitsPerValue},
                            {"gvalues_per_s", row.gelems.median},
                            {"times_float32", row.ratio.median},
                            {"limit", row.limit()},
                            {"kernel", row.kernel},
                            {"working_set_bytes", result.workingSetBytes},
                            {"last_cache_bytes", result.lastCacheBytes},
                            {"bandwidth_gbytes_per_s", result.bandwidth.median}});
    return rows;
}

class Throughput final : public Experiment {
  public:
    [[nodiscard]] std::string name() const override { return "throughput"; }
    [[nodiscard]] std::string title() const override { return "Throughput of every width on this processor"; }
    [[nodiscard]] std::string published() const override { return std::string(kPaper) + "."; }
    [[nodiscard]] std::string method() const override {
        return "Samples' values visited a second on one core, each width and float32 in the same rounds, "
               "batches of 2,048 rows; as zipml bench.";
    }
    [[nodiscard]] double expectedSeconds(bool quick) const override { return quick ? 10 : 60; }

    Outcome run(Workplace& place) const override {
        const bool quick = place.options().quick;
        ThroughputOptions options;
        options.features = quick ? std::vector<std::size_t>{1024} : std::vector<std::size_t>{90, 1024, 5000};
        options.workingSetBytes = (quick ? std::size_t{64} : std::size_t{512}) << 20U;
        options.repeats = quick ? 3 : 9;
        const json inputs = {{"features", options.features},
                             {"working_set", options.workingSetBytes},
                             {"repeats", options.repeats}};
        const json rows = place.measured(name(), "rows", inputs, [&] {
            const auto result =
                measureThroughput(options, place.control(),
                                  [&](double share, std::string_view what) { place.report(share, what); });
            if (result.stopped)
                throw Cancelled();
            return throughputRows(result);
        });
        Outcome outcome;
        Table table{title(),
                    {"Estimator", "Bits", "Stored bits", "Features", "Levels", "Arithmetic", "Gvalue/s",
                     "Times float32", "Limit"},
                    {}};
        for (const json& row : rows)
            table.rows.push_back({row["estimator"].get<std::string>(), row["bits"].dump(),
                                  numberText(row["stored_bits"].get<double>()), row["features"].dump(),
                                  row["grid"].get<std::string>(), row["arithmetic"].get<std::string>(),
                                  numberText(row["gvalues_per_s"].get<double>(), "%.3g"),
                                  numberText(row["times_float32"].get<double>(), "%.2f"),
                                  numberText(row["limit"].get<double>(), "%.2f")});
        outcome.tables.push_back(std::move(table));
        const auto cache =
            rows.empty() ? std::size_t{0} : rows.front()["last_cache_bytes"].get<std::size_t>();
        const std::string note = "Each store takes " + megabytes(options.workingSetBytes) +
                                 "; the last-level cache is " + megabytes(cache) +
                                 (cache >= options.workingSetBytes
                                      ? ", so the stores may lie in the cache, where float32 loses less."
                                      : ".");
        outcome.claims.push_back(
            speedVerdict("cpu-throughput", rows, "times_float32", "fastest width", note));
        return outcome;
    }
};

} // namespace

std::unique_ptr<Experiment> convergenceExperiment() {
    return std::make_unique<Convergence>();
}

std::unique_ptr<Experiment> throughputExperiment() {
    return std::make_unique<Throughput>();
}

} // namespace zipml
