#include "core/study/tradeoffs.h"

#include "core/data/synthetic.h"
#include "core/lab/rules.h"
#include "core/lab/store_run.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace zipml {
namespace {

/// Passes the progress of the run that is under way on.
class RunProgress final : public RunObserver {
  public:
    RunProgress(const TradeoffRun& run, TradeoffObserver& observer) : run_(run), observer_(observer) {}
    void onProgress(double share, std::string_view phase) override {
        observer_.onProgress(run_, share, phase);
    }

  private:
    const TradeoffRun& run_;
    TradeoffObserver& observer_;
};

TradeoffResult resultOf(const RunRecord& record) {
    const EpochRecord& last = record.epochs.empty() ? record.initial : record.epochs.back();
    TradeoffResult result{record.status,  last.trainLoss, record.setup.bitsPerValue, last.bytesMoved, 0,
                          record.message, last.objective};
    for (const auto& epoch : record.epochs)
        result.seconds += epoch.seconds;
    return result;
}

bool diverged(const TradeoffResult& result) {
    return result.status == RunStatus::Diverged || !std::isfinite(result.trainLoss);
}

SeedRange rangeOf(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return {median, values.front(), values.back()};
}

/// Objective over full precision's, less 1; empty where there is nothing to compare with.
std::optional<double> excessOf(const TradeoffRun& run, const TradeoffResult& result,
                               const TradeoffResults& results) {
    const auto full =
        results.runs.find({{run.setting.device, EstimatorKind::Full, GridKind::Uniform, 32}, run.seed});
    if (full == results.runs.end() || diverged(full->second) || !(full->second.minimised() > 0))
        return {};
    return diverged(result) ? HUGE_VAL : result.minimised() / full->second.minimised() - 1;
}

std::vector<std::uint64_t> seedsOf(const TradeoffPlan& plan) {
    std::vector<std::uint64_t> seeds;
    seeds.reserve(static_cast<std::size_t>(plan.seeds));
    for (int i = 0; i < plan.seeds; ++i)
        seeds.push_back(plan.base.seed + static_cast<std::uint64_t>(i));
    return seeds;
}

std::string stampOf(const std::string& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    const auto time = std::filesystem::last_write_time(file, error);
    return error ? "none"
                 : std::to_string(size) + " bytes, " + std::to_string(time.time_since_epoch().count());
}

} // namespace

TradeoffSettings settingsOf(const TradeoffPlan& plan) {
    if (isStore(plan.base.data.source))
        throw InputError(plan.base.data.source +
                         ": a store has the bits that it was made with; choose the data file it was made of");
    TradeoffSettings settings;
    const auto add = [&](const TradeoffSetting& setting) {
        try {
            const RunSpec spec = specForRun(plan.base, {setting, plan.base.seed});
            validateRanges(spec);
            if (const auto conflicts = conflictsOf({.spec = spec}); !conflicts.empty())
                throw InputError(conflicts.front().message());
            settings.chosen.push_back(setting);
        } catch (const InputError& error) {
            if (setting.full())
                throw;
            ++settings.leftOut[error.what()];
        }
    };
    for (const auto& device : plan.devices) {
        add({device, EstimatorKind::Full, GridKind::Uniform, 32});
        for (const auto estimator : plan.estimators)
            for (const auto grid : plan.grids)
                for (int bits = plan.leastBits; bits <= plan.mostBits; ++bits)
                    add({device, estimator, grid, bits});
    }
    return settings;
}

std::vector<TradeoffRun> runsOf(const TradeoffPlan& plan, const std::vector<TradeoffSetting>& settings) {
    std::vector<TradeoffRun> runs;
    for (const auto seed : seedsOf(plan))
        for (const auto& setting : settings)
            runs.push_back({setting, seed});
    return runs;
}

RunSpec specForRun(const RunSpec& base, const TradeoffRun& run) {
    RunSpec spec = base;
    spec.name.clear();
    spec.device = run.setting.device;
    spec.estimator = run.setting.estimator;
    spec.bits = run.setting.full() ? RunSpec{}.bits : run.setting.bits;
    spec.grid.kind = run.setting.grid;
    spec.seed = run.seed;
    spec.biasDraws = 0;
    if (run.setting.full()) { // nothing is rounded, so these have no meaning
        spec.store = StoreKind::Packed;
        spec.arithmetic = RunSpec{}.arithmetic;
        spec.modelBits = spec.gradientBits = VectorQuantizer::kOff;
    }
    return spec;
}

RunSpec baseOf(RunSpec spec) {
    const RunSpec defaults;
    spec.name.clear();
    spec.device = defaults.device;
    spec.estimator = defaults.estimator;
    spec.bits = defaults.bits;
    spec.grid.kind = defaults.grid.kind;
    spec.seed = defaults.seed;
    spec.threads = defaults.threads;
    spec.biasDraws = 0;
    spec.biasRows = defaults.biasRows;
    return spec;
}

std::string dataStampOf(const DataSpec& data) {
    std::string stamp = parseSynthetic(data.source) ? std::string() : stampOf(data.source);
    if (!data.test.empty())
        stamp += "; " + stampOf(data.test);
    return stamp;
}

void runTradeoffs(const TradeoffPlan& plan, TradeoffResults& results, TradeoffObserver& observer,
                  RunControl& control, PreparedDataCache* cache) {
    for (const auto& run : runsOf(plan, settingsOf(plan).chosen)) {
        if (results.runs.contains(run))
            continue;
        if (control.stopRequested())
            return;
        observer.onProgress(run, 0, "starting");
        RunProgress progress(run, observer);
        try {
            const RunRecord record = runExperiment(specForRun(plan.base, run), progress, control, cache);
            if (record.status == RunStatus::Stopped)
                return;
            if (record.status == RunStatus::DeviceLost)
                throw RunError(record.message);
            const TradeoffResult result = resultOf(record);
            results.runs.emplace(run, result);
            observer.onResult(run, result);
        } catch (const Cancelled&) {
            return;
        } catch (const std::runtime_error& error) { // InputError, RunError
            if (run.setting.full())
                throw;
            observer.onFailure(run, error.what());
        }
    }
}

std::vector<TradeoffPoint> tradeoffPoints(const TradeoffPlan& plan,
                                          const std::vector<TradeoffSetting>& settings,
                                          const TradeoffResults& results) {
    std::vector<TradeoffPoint> points;
    for (const auto& setting : settings) {
        TradeoffPoint point;
        point.setting = setting;
        std::vector<double> loss, objective, bytes, seconds, excess;
        for (const auto seed : seedsOf(plan)) {
            const auto found = results.runs.find({setting, seed});
            if (found == results.runs.end())
                continue;
            const TradeoffResult& result = found->second;
            point.diverged += diverged(result) ? 1 : 0;
            point.bitsPerValue = result.bitsPerValue;
            loss.push_back(diverged(result) ? HUGE_VAL : result.trainLoss);
            objective.push_back(diverged(result) ? HUGE_VAL : result.minimised());
            bytes.push_back(static_cast<double>(result.bytesMoved));
            seconds.push_back(result.seconds);
            if (const auto above = excessOf(found->first, result, results))
                excess.push_back(*above);
        }
        if (loss.empty())
            continue;
        point.runs = loss.size();
        point.loss = rangeOf(std::move(loss));
        point.objective = rangeOf(std::move(objective));
        point.bytes = rangeOf(std::move(bytes));
        point.seconds = rangeOf(std::move(seconds));
        if (!excess.empty())
            point.excess = rangeOf(std::move(excess));
        points.push_back(std::move(point));
    }
    return points;
}

std::vector<std::size_t> paretoFront(std::span<const CostAndLoss> points) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (std::isfinite(points[i].cost) && std::isfinite(points[i].loss))
            order.push_back(i);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return std::pair(points[a].cost, points[a].loss) < std::pair(points[b].cost, points[b].loss);
    });
    std::vector<std::size_t> front;
    for (const auto i : order) {
        const bool better = front.empty() || points[i].loss < points[front.back()].loss;
        const bool equal = !front.empty() && points[i].loss == points[front.back()].loss &&
                           points[i].cost == points[front.back()].cost;
        if (better || equal)
            front.push_back(i);
    }
    return front;
}

std::optional<std::size_t> fewestBits(std::span<const TradeoffPoint> points, double tolerance) {
    const auto rank = [&](std::size_t i) {
        return std::pair(points[i].bitsPerValue, points[i].excess->median);
    };
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto& point = points[i];
        if (point.setting.full() || !point.excess || !(point.excess->median <= tolerance))
            continue;
        if (!best || rank(i) < rank(*best))
            best = i;
    }
    return best;
}

double movingEnergy(double bytes, double picojoulesPerBit) {
    constexpr double kBitsPerByte = 8, kPico = 1e-12;
    return bytes * kBitsPerByte * picojoulesPerBit * kPico;
}

} // namespace zipml
