#include "app/cli/bench_report.h"
#include "core/data/source_name.h"

#include <cstdio>

namespace zipml::cli {
namespace {

using nlohmann::json;

json rowJson(const ThroughputRow& row, const ThroughputTable& table, const ThroughputResult& result) {
    return {{"features", table.features},
            {"rows", row.rows},
            {"batch", table.batch},
            {"rounds", table.rounds},
            {"kernel", row.kernel},
            {"estimator", nameOf(row.contender.estimator)},
            {"arithmetic", nameOf(row.contender.arithmetic)},
            {"grid", toString(row.contender.grid)},
            {"store", nameOf(row.contender.store)},
            {"bits", row.contender.bits},
            {"bits_per_value", row.bitsPerValue},
            {"gelems_per_s", row.gelems.median},
            {"gelems_per_s_low", row.gelems.low},
            {"gelems_per_s_high", row.gelems.high},
            {"gbytes_per_s", row.gbytes},
            {"ratio_to_float32", row.ratio.median},
            {"ratio_to_float32_low", row.ratio.low},
            {"ratio_to_float32_high", row.ratio.high},
            {"limit", row.limit()},
            {"isa", nameOf(result.isa)},
            {"threads", result.threads}};
}

int bitsOf(const RunSpec& spec) {
    return estimatorOf(spec.estimator).quantized() ? spec.bits : 32;
}

double megabytes(std::size_t bytes) {
    return static_cast<double>(bytes) / (1 << 20);
}

const char* pluralOf(int count) {
    return count == 1 ? "" : "s";
}

std::string range(const Spread& spread) {
    char text[48];
    std::snprintf(text, sizeof text, "%.2f-%.2f", spread.low, spread.high);
    return text;
}

void printTable(const ThroughputTable& table) {
    std::printf(
        "\n%zu features, batches of %zu rows; float32 reads at %.0f%% (%.0f%%-%.0f%%) of the bandwidth\n",
        table.features, table.batch, 100 * table.shareOfBandwidth.median, 100 * table.shareOfBandwidth.low,
        100 * table.shareOfBandwidth.high);
    std::printf("  %-12s %4s %6s %10s %8s %12s %8s %8s %12s %6s  %s\n", "estimator", "bits", "stored", "rows",
                "Gvalue/s", "10%-90%", "GB/s", "x float", "10%-90%", "limit", "kernel");
    for (const ThroughputRow& row : table.rows)
        std::printf("  %-12s %-8s %4d %6.3g %10zu %8.2f %12s %8.2f %8.2f %12s %6.3g  %s\n",
                    std::string(nameOf(row.contender.estimator)).c_str(),
                    toString(row.contender.grid).c_str(), row.contender.bits, row.bitsPerValue, row.rows,
                    row.gelems.median, range(row.gelems).c_str(), row.gbytes, row.ratio.median,
                    range(row.ratio).c_str(), row.limit(), row.kernel.c_str());
}

} // namespace

json toJson(const ThroughputResult& result) {
    json rows = json::array();
    json shares = json::array();
    for (const ThroughputTable& table : result.tables) {
        for (const ThroughputRow& row : table.rows)
            rows.push_back(rowJson(row, table, result));
        shares.push_back({{"features", table.features},
                          {"share", table.shareOfBandwidth.median},
                          {"low", table.shareOfBandwidth.low},
                          {"high", table.shareOfBandwidth.high}});
    }
    const json bandwidth = result.tables.empty() ? json(nullptr) : json(result.bandwidth.median);
    return {{"rows", rows},
            {"stream_gbytes_per_s", bandwidth},
            {"stream_gbytes_per_s_low", result.bandwidth.low},
            {"stream_gbytes_per_s_high", result.bandwidth.high},
            {"stream_read_with", result.bandwidthWay},
            {"float32_share_of_stream", shares},
            {"working_set_bytes", result.workingSetBytes},
            {"last_level_cache_bytes", result.lastCacheBytes},
            {"isa", nameOf(result.isa)},
            {"threads", result.threads},
            {"order", nameOf(result.order)},
            {"complete", !result.stopped}};
}

void printThroughput(const ThroughputResult& result) {
    if (result.tables.empty())
        return;
    std::printf(
        "%s, %d thread%s; last-level cache %.4g MB, %.4g MB a store; minibatches %s; medians of %d round%s\n",
        std::string(nameOf(result.isa)).c_str(), result.threads, pluralOf(result.threads),
        megabytes(result.lastCacheBytes), megabytes(result.workingSetBytes),
        result.order == RowOrder::Shuffled ? "shuffled" : "in the file's order", result.tables.front().rounds,
        pluralOf(result.tables.front().rounds));
    std::printf("read bandwidth %.2f GB/s (%s; %s)\n", result.bandwidth.median,
                range(result.bandwidth).c_str(), result.bandwidthWay.c_str());
    for (const ThroughputTable& table : result.tables)
        printTable(table);
}

json toJson(const ConvergenceTable& table, const ConvergenceOptions& options) {
    json runs = json::array();
    for (const ConvergenceRow& run : table.runs) {
        const bool ratio = run.reached && table.hasRatios();
        runs.push_back({{"estimator", nameOf(run.spec.estimator)},
                        {"bits", bitsOf(run.spec)},
                        {"arithmetic", nameOf(run.spec.arithmetic)},
                        {"kernel", run.kernel},
                        {"bits_per_value", run.bitsPerValue},
                        {"reached", run.reached},
                        {"epochs", run.epochs},
                        {"train_loss", run.loss},
                        {"seconds_per_epoch", run.secondsPerEpoch},
                        {"seconds", run.seconds.median},
                        {"seconds_low", run.seconds.low},
                        {"seconds_high", run.seconds.high},
                        {"ratio_to_float32", ratio ? json(run.ratio.median) : json(nullptr)},
                        {"ratio_to_float32_low", ratio ? json(run.ratio.low) : json(nullptr)},
                        {"ratio_to_float32_high", ratio ? json(run.ratio.high) : json(nullptr)}});
    }
    return {{"data", sourceName(table.source)},
            {"rows", table.rows},
            {"features", table.features},
            {"batch", options.batch},
            {"most_epochs", options.epochs},
            {"repeats", options.repeats},
            {"threads", options.threads},
            {"step", table.step},
            {"reference_loss", table.reference},
            {"reference", table.exact ? "exact optimum" : "best of full precision"},
            {"within", ConvergenceOptions::kWithin},
            {"runs", runs}};
}

void printConvergence(const ConvergenceTable& table, const ConvergenceOptions& options) {
    std::printf("%s: %zu rows x %zu features, batches of %zu rows, step %.4g; medians of %d runs\n",
                table.dataName.c_str(), table.rows, table.features, options.batch, table.step,
                options.repeats);
    std::printf("training seconds until the loss is within %g%% of %.6g, %s\n",
                100 * ConvergenceOptions::kWithin, table.reference,
                table.exact ? "the exact optimum" : "the best that full precision reached");
    std::printf("  %-12s %4s %6s %8s %7s %11s %10s %8s %12s  %s\n", "estimator", "bits", "stored", "reached",
                "epochs", "s an epoch", "seconds", "x float", "10%-90%", "kernel");
    for (const ConvergenceRow& run : table.runs) {
        char ratio[32] = "-";
        const bool hasRatio = run.reached && table.hasRatios();
        if (hasRatio)
            std::snprintf(ratio, sizeof ratio, "%.2f", run.ratio.median);
        std::printf("  %-12s %4d %6.3g %8s %7d %11.4g %10.4g %8s %12s  %s\n",
                    std::string(nameOf(run.spec.estimator)).c_str(), bitsOf(run.spec), run.bitsPerValue,
                    run.reached ? "yes" : "no", run.epochs, run.secondsPerEpoch, run.seconds.median, ratio,
                    hasRatio ? range(run.ratio).c_str() : "-", run.kernel.c_str());
    }
}

} // namespace zipml::cli
