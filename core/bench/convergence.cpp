#include "core/bench/convergence.h"

#include "core/lab/run.h"

#include <algorithm>
#include <numeric>

namespace zipml {
namespace {

RunSpec convergenceSpec(const std::string& source, const ConvergenceOptions& options) {
    RunSpec spec;
    spec.data.source = source;
    spec.sgd.batch = options.batch;
    spec.sgd.epochs = options.epochs;
    spec.threads = options.threads;
    spec.biasDraws = 0;
    return spec;
}

/// Full precision first; another estimator is a name here.
std::vector<RunSpec> runsOn(const std::string& source, const ConvergenceOptions& options) {
    std::vector<RunSpec> specs{convergenceSpec(source, options)};
    specs[0].estimator = EstimatorKind::Full;
    for (const int bits : options.bits)
        for (const auto estimator : {EstimatorKind::Corrected, EstimatorKind::DoubleMean}) {
            specs.push_back(convergenceSpec(source, options));
            specs.back().estimator = estimator;
            specs.back().bits = bits;
            specs.back().arithmetic = Arithmetic::Integer;
        }
    return specs;
}

class Reporter final : public RunObserver {
  public:
    using Progress = std::function<void(double, std::string_view)>;
    Reporter(const Progress& progress, double begin, double end, std::string what)
        : progress_(progress), begin_(begin), end_(end), what_(std::move(what)) {}
    void onProgress(double share, std::string_view phase) override {
        progress_(begin_ + (end_ - begin_) * share, what_ + ": " + std::string(phase));
    }

  private:
    const Progress& progress_;
    double begin_, end_;
    std::string what_;
};

double secondsOf(const RunRecord& record) {
    return std::accumulate(record.epochs.begin(), record.epochs.end(), 0.0,
                           [](double sum, const EpochRecord& epoch) { return sum + epoch.seconds; });
}

/// What the first repeat of a run tells: its seconds aside, all repeats are equal.
ConvergenceRow rowOf(const RunRecord& record, double target) {
    ConvergenceRow row;
    row.spec = record.spec;
    row.kernel = record.setup.kernels;
    row.bitsPerValue = record.setup.bitsPerValue;
    const auto hit = std::ranges::find_if(
        record.epochs, [&](const EpochRecord& epoch) { return epoch.minimised() <= target; });
    row.reached = hit != record.epochs.end();
    row.epochs = row.reached ? hit->epoch : static_cast<int>(record.epochs.size());
    row.loss = row.epochs > 0 ? record.epochs[static_cast<std::size_t>(row.epochs) - 1].minimised()
                              : record.initial.minimised();
    return row;
}

void describe(const RunRecord& full, ConvergenceTable& table) {
    table.dataName = full.setup.dataName;
    table.rows = full.setup.trainRows;
    table.features = full.setup.features;
    table.step = full.setup.step;
    table.exact = full.setup.minimum().has_value();
    table.reference = full.initial.minimised();
    for (const EpochRecord& epoch : full.epochs)
        table.reference = std::min(table.reference, epoch.minimised());
    if (table.exact)
        table.reference = *full.setup.minimum();
}

} // namespace

ConvergenceTable measureConvergence(const std::string& source, const ConvergenceOptions& options,
                                    RunControl& control,
                                    const std::function<void(double, std::string_view)>& onProgress) {
    std::vector<RunSpec> specs = runsOn(source, options);
    std::vector<std::vector<double>> seconds(specs.size());
    std::vector<std::vector<double>> epochSeconds(specs.size());
    ConvergenceTable table;
    table.source = source;
    PreparedDataCache cache;
    const double parts = static_cast<double>(specs.size()) * options.repeats;
    for (int repeat = 0; repeat < options.repeats; ++repeat)
        for (std::size_t i = 0; i < specs.size(); ++i) {
            const double done = (repeat * static_cast<double>(specs.size()) + static_cast<double>(i)) / parts;
            Reporter reporter(onProgress, done, done + 1 / parts, displayName(specs[i]));
            RunRecord record = runExperiment(specs[i], reporter, control, &cache);
            if (record.status == RunStatus::Stopped)
                throw Cancelled();
            if (repeat == 0) {
                if (i == 0)
                    describe(record, table);
                table.runs.push_back(rowOf(record, table.reference * (1 + ConvergenceOptions::kWithin)));
                const auto counted = static_cast<std::size_t>(table.runs[i].epochs);
                record.epochs.resize(counted);
                specs[i].sgd.epochs = std::max(1, table.runs[i].epochs); // the rest would not count
            }
            seconds[i].push_back(secondsOf(record));
            for (const EpochRecord& epoch : record.epochs)
                epochSeconds[i].push_back(epoch.seconds);
        }
    for (std::size_t i = 0; i < specs.size(); ++i) {
        table.runs[i].seconds = spreadOf(seconds[i]);
        if (!epochSeconds[i].empty())
            table.runs[i].secondsPerEpoch = spreadOf(epochSeconds[i]).median;
        if (table.hasRatios() && table.runs[i].reached)
            table.runs[i].ratio = spreadOfRatios(seconds[0], seconds[i]);
    }
    return table;
}

} // namespace zipml
