#include "core/bench/throughput.h"

#include "core/bench/contestant.h"
#include "core/bench/read_bandwidth.h"
#include "core/data/memory_limit.h"
#include "core/kernels/cpu.h"
#include "core/kernels/tile_kernels.h"

#include <algorithm>
#include <set>

namespace zipml {
namespace {

constexpr Contender kContenders[] = {
    {EstimatorKind::Full, 32, Arithmetic::Float}, // the ratios' divisor comes first
    {EstimatorKind::Naive, 8, Arithmetic::Integer},
    {EstimatorKind::Naive, 4, Arithmetic::Integer},
    {EstimatorKind::Naive, 2, Arithmetic::Integer},
    {EstimatorKind::Naive, 1, Arithmetic::Integer},
    {EstimatorKind::Corrected, 4, Arithmetic::Integer},
    {EstimatorKind::DoubleMean, 4, Arithmetic::Integer},
    {EstimatorKind::Double, 4, Arithmetic::Integer},
    {EstimatorKind::EndToEnd, 4, Arithmetic::Integer},
    {EstimatorKind::Naive, 4, Arithmetic::Integer, {}, StoreKind::AnyPrecision},
    {EstimatorKind::DoubleMean, 4, Arithmetic::Integer, {}, StoreKind::AnyPrecision},
    {EstimatorKind::Naive, 4, Arithmetic::Integer, {GridKind::Optimal}},
    {EstimatorKind::Naive, 4, Arithmetic::Float},
};

constexpr std::size_t kTimesTheCache = 10;
/// Keeps every model finite, also those that coarse levels make much longer rows for.
constexpr double kStepTimesFeatures = 1e-3;

void check(const ThroughputOptions& options) {
    if (options.features.empty())
        throw InputError("--features: name at least one number of features, such as 90,1024");
    for (const std::size_t features : options.features)
        if (features < 1 || features > kMostExactTerms)
            throw InputError("--features: " + std::to_string(features) + " is out of range; use 1 to " +
                             std::to_string(kMostExactTerms));
    if (options.batch == 0 || options.batch % kTileRows != 0 || options.batch > kMostExactTerms)
        throw InputError("--batch: " + std::to_string(options.batch) +
                         " is out of range; use a multiple of " + std::to_string(kTileRows) + " up to " +
                         std::to_string(kMostExactTerms));
}

/// All stores of a number of features are in memory at a time, and so is the buffer for the bandwidth.
void checkMemory(const ThroughputOptions& options, std::size_t workingSet) {
    const std::uint64_t available = availableMemoryBytes();
    for (const std::size_t features : options.features) {
        std::set<std::string> counted;
        std::size_t bytes = workingSet;
        for (const Contender& contender : kContenders) {
            if (!counted.insert(RepeatedData::key(contender)).second)
                continue;
            const int bits = RepeatedData::bitsFor(contender);
            const std::size_t rows = RepeatedData::rowsFor(bits, features, workingSet, options.batch);
            bytes += rows * features * static_cast<std::size_t>(RepeatedData::keptBitsFor(contender)) / 8 +
                     rows * sizeof(float);
        }
        if (bytes > available)
            throw InputError("--working-set-mb: the stores of " + std::to_string(features) +
                             " features take " + std::to_string(bytes >> 20) + " MB together and " +
                             std::to_string(available >> 20) + " MB are available; use a smaller one");
    }
}

/// The benchmark of one number of features.
class Bench {
  public:
    Bench(std::size_t features, const ThroughputOptions& options, std::size_t workingSet, ThreadTeam& team)
        : options_(options), features_(features), batch_(options.batch),
          data_(features, workingSet, batch_, team) {
        for (const Contender& contender : kContenders)
            contestants_.push_back(std::make_unique<Contestant>(contender, data_, batch_, team));
    }

    /// Each contestant once, and the bandwidth. Another one begins each time, so that nobody always follows
    /// the same.
    /// @param round 0 is for warming up and does not count. @throws Cancelled
    void run(int round, ReadBandwidth& bandwidth, RunControl& control, const Job& job) {
        const EpochPlan plan{batch_,
                             kStepTimesFeatures / static_cast<double>(features_),
                             options_.order,
                             true,
                             1,
                             static_cast<std::uint32_t>(round),
                             {}};
        const std::string what = std::to_string(features_) + " features, round " + std::to_string(round) +
                                 " of " + std::to_string(options_.repeats);
        const std::size_t count = contestants_.size();
        std::vector<double> gelems(count);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t turn = (i + static_cast<std::size_t>(round)) % count;
            job.report((round + static_cast<double>(i) / static_cast<double>(count)) / (options_.repeats + 1),
                       what);
            gelems[turn] = contestants_[turn]->run(plan, control);
        }
        const double gbytes = bandwidth.measure();
        if (round == 0)
            return;
        for (std::size_t i = 0; i < count; ++i)
            contestants_[i]->gelems.push_back(gelems[i]);
        bandwidths_.push_back(gbytes);
    }

    [[nodiscard]] const std::vector<double>& bandwidths() const { return bandwidths_; }

    [[nodiscard]] ThroughputTable table() const {
        ThroughputTable table{features_, batch_, static_cast<int>(bandwidths_.size()), {}, {}};
        const std::vector<double>& baseline = contestants_.front()->gelems;
        for (const auto& contestant : contestants_) {
            ThroughputRow row = contestant->describe();
            row.gelems = spreadOf(contestant->gelems);
            row.gbytes = row.gelems.median * row.bitsPerValue / 8;
            row.ratio = spreadOfRatios(contestant->gelems, baseline);
            table.rows.push_back(std::move(row));
        }
        std::vector<double> bytes = baseline;
        for (double& each : bytes)
            each *= sizeof(float);
        table.shareOfBandwidth = spreadOfRatios(bytes, bandwidths_);
        return table;
    }

  private:
    const ThroughputOptions& options_;
    std::size_t features_, batch_;
    RepeatedData data_;
    std::vector<std::unique_ptr<Contestant>> contestants_;
    std::vector<double> bandwidths_;
};

} // namespace

ThroughputResult measureThroughput(const ThroughputOptions& options, RunControl& control,
                                   const std::function<void(double, std::string_view)>& onProgress) {
    check(options);
    ThreadTeam team(options.threads);
    ThroughputResult result;
    result.isa = activeIsa();
    result.threads = team.threads();
    result.order = options.order;
    result.lastCacheBytes = cacheSizes().last;
    result.workingSetBytes =
        options.workingSetBytes != 0 ? options.workingSetBytes : kTimesTheCache * result.lastCacheBytes;
    checkMemory(options, result.workingSetBytes);
    const auto parts = static_cast<double>(options.features.size() + 1); // the first finds the way to read
    const auto jobOf = [&](std::size_t part) {
        return Job{control.stopToken(), [&onProgress, part, parts](double share, std::string_view what) {
                       onProgress((static_cast<double>(part) + share) / parts, what);
                   }};
    };
    std::vector<double> bandwidths;
    try {
        ReadBandwidth bandwidth(result.workingSetBytes, team);
        bandwidth.chooseWay(options.repeats, jobOf(0));
        result.bandwidthWay = bandwidth.way();
        for (std::size_t i = 0; i < options.features.size(); ++i) {
            const Job job = jobOf(i + 1);
            job.report(0, "building stores");
            Bench bench(options.features[i], options, result.workingSetBytes, team);
            try {
                for (int round = 0; round <= options.repeats; ++round)
                    bench.run(round, bandwidth, control, job);
            } catch (const Cancelled&) {
                result.stopped = true;
            }
            const auto& measured = bench.bandwidths();
            bandwidths.insert(bandwidths.end(), measured.begin(), measured.end());
            if (!measured.empty())
                result.tables.push_back(bench.table());
            if (result.stopped)
                break;
        }
    } catch (const Cancelled&) {
        result.stopped = true;
    }
    if (!bandwidths.empty())
        result.bandwidth = spreadOf(std::move(bandwidths));
    return result;
}

} // namespace zipml
