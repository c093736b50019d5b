#pragma once
/// Trade-offs: what bits, levels, estimator and device cost in loss, and save in bytes, time and energy. A
/// full-precision run and a run for each combination of these, on the same data with otherwise equal
/// settings.

#include "core/lab/run.h"

#include <compare>
#include <map>
#include <span>

namespace zipml {

/// What is compared.
struct TradeoffSetting {
    std::string device = "cpu";
    EstimatorKind estimator = EstimatorKind::Full;
    GridKind grid = GridKind::Uniform;
    int bits = 32; ///< of a level's index; 32: full precision

    [[nodiscard]] bool full() const { return estimator == EstimatorKind::Full; }
    auto operator<=>(const TradeoffSetting&) const = default; // NOLINT(modernize-use-nullptr): its rewriting
};

struct TradeoffRun {
    TradeoffSetting setting;
    std::uint64_t seed = 1;
    auto operator<=>(const TradeoffRun&) const = default;
};

/// How a run ended.
struct TradeoffResult {
    RunStatus status = RunStatus::Completed;
    double trainLoss = 0;                 ///< of the last epoch, on the unquantized data
    double bitsPerValue = 32;             ///< as stored: double sampling's extra bit is in it
    std::uint64_t bytesMoved = 0;         ///< samples, model and gradient (docs/method.md#s10)
    double seconds = 0;                   ///< of training, without evaluation
    std::string message;                  ///< why it diverged
    std::optional<double> objective = {}; ///< of the last epoch, with the regularizer; empty: the loss alone
    [[nodiscard]] double minimised() const { return objective.value_or(trainLoss); }
    bool operator==(const TradeoffResult&) const = default;
};

/// Results of one experiment, of as many settings and seeds as were run.
struct TradeoffResults {
    RunSpec base;          ///< see baseOf
    std::string dataStamp; ///< see dataStampOf
    std::map<TradeoffRun, TradeoffResult> runs;
};

struct TradeoffPlan {
    RunSpec base; ///< data, loss and training; what is compared is replaced, seeds go up from its seed
    int leastBits = 2, mostBits = 8;
    std::vector<EstimatorKind> estimators{EstimatorKind::Naive, EstimatorKind::Double,
                                          EstimatorKind::Corrected};
    std::vector<GridKind> grids{GridKind::Uniform, GridKind::Optimal};
    std::vector<std::string> devices{"cpu"};
    int seeds = 1; ///< runs of each setting

    bool operator==(const TradeoffPlan&) const = default;
};

/// The settings of a plan, each device's full precision before its others.
struct TradeoffSettings {
    std::vector<TradeoffSetting> chosen;
    std::map<std::string, std::size_t> leftOut; ///< why, and how many: what cannot be combined
};
/// @throws InputError when the data is a store, whose bits are what they are, or full precision is no valid
/// spec.
TradeoffSettings settingsOf(const TradeoffPlan& plan);
/// Seed by seed, so that a sweep cut short is complete for the first seeds.
std::vector<TradeoffRun> runsOf(const TradeoffPlan& plan, const std::vector<TradeoffSetting>& settings);
/// The run as an experiment of its own, without bias measurement.
RunSpec specForRun(const RunSpec& base, const TradeoffRun& run);
/// `spec` without what is compared and what never changes a result: equal bases have results in common.
RunSpec baseOf(RunSpec spec);
/// Size and time of the data's files, so that results of other contents are not taken for theirs; empty for
/// generated data.
std::string dataStampOf(const DataSpec& data);

/// Hears of a sweep from the thread that runs it.
class TradeoffObserver {
  public:
    virtual ~TradeoffObserver() = default;
    /// @param share of this run, 0 to 1
    virtual void onProgress(const TradeoffRun& run, double share, std::string_view phase) = 0;
    virtual void onResult(const TradeoffRun& run, const TradeoffResult& result) = 0;
    /// The run could not be made, such as on a device that does not know the estimator.
    virtual void onFailure(const TradeoffRun& run, const std::string& message) = 0;
};

/// Runs those that have no result yet, one after the other, each on every core: their times can be compared.
/// A run that is stopped has no result; what was complete stays.
/// @param results those of the base; each new one is added before the observer hears of it
/// @throws InputError, RunError of a full-precision run that fails: there is nothing to compare with.
void runTradeoffs(const TradeoffPlan& plan, TradeoffResults& results, TradeoffObserver& observer,
                  RunControl& control, PreparedDataCache* cache = nullptr);

/// Of the seeds' values.
struct SeedRange {
    double median = 0, least = 0, most = 0;
};

/// A setting, over those of its seeds that have a result.
struct TradeoffPoint {
    TradeoffSetting setting;
    std::size_t runs = 0, diverged = 0;
    SeedRange loss, objective, bytes, seconds;
    double bitsPerValue = 32;
    /// Objective / that of full precision on the same device with the same seed, less 1; infinite where it
    /// diverged. Empty where full precision has no result, or an objective of 0.
    std::optional<SeedRange> excess;
};
/// In the order of `settings`; those without any result are left out.
std::vector<TradeoffPoint> tradeoffPoints(const TradeoffPlan& plan,
                                          const std::vector<TradeoffSetting>& settings,
                                          const TradeoffResults& results);

struct CostAndLoss {
    double cost, loss;
};
/// The points that no other one beats: with at most the cost and at most the loss, and less of one of them.
/// Points that are not finite are never among them. @return indices by rising cost
std::vector<std::size_t> paretoFront(std::span<const CostAndLoss> points);

/// The quantized point with the fewest stored bits whose median excess is at most `tolerance` (0.01: 1%); of
/// several the one with the lowest. @return its index
std::optional<std::size_t> fewestBits(std::span<const TradeoffPoint> points, double tolerance);

/// What it takes to read a bit from DRAM, in pJ: the lower end of Horowitz, "Computing's energy problem (and
/// what we can do about it)", ISSCC 2014, figure 1.1.9: 1.3 to 2.6 nJ for 64 bits. An assumption, 45 nm and
/// off chip; stacked memory takes several times less.
constexpr double kDramPicojoulesPerBit = 20;

/// An estimate in joules: moving the bytes, at this many pJ a bit, and nothing else.
double movingEnergy(double bytes, double picojoulesPerBit);

} // namespace zipml
