#include "core/quant/place_levels.h"

#include "core/quant/levels/candidates.h"
#include "core/quant/levels/comparison.h"
#include "core/quant/levels/greedy.h"
#include "core/quant/levels/lloyd_max.h"
#include "core/quant/levels/optimal.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace zipml {
namespace {

std::vector<double> bestOf(const IntervalCost& cost, std::size_t levels) {
    return levelsOf(cost, optimalLevels(cost, levels));
}

std::vector<double> uniformLevels(double low, double high, std::size_t levels) {
    const Grid uniform = Grid::uniform(low, high, static_cast<std::uint32_t>(levels));
    std::vector<double> all(levels);
    for (std::uint32_t i = 0; i < uniform.levels(); ++i)
        all[i] = uniform.level(i);
    return all;
}

/// Values that a placement which seeks the least variance chooses among, ascending.
std::vector<double> pointsFor(std::span<const float> sorted, const GridSpec& spec, std::size_t levels) {
    const auto also = uniformLevels(double{sorted.front()}, double{sorted.back()}, levels);
    if (spec.kind == GridKind::Candidates)
        return withNeighbours(candidatePoints(sorted, spec.candidates), sorted, also);
    const IntervalCost all(sorted);
    if (spec.kind == GridKind::Optimal)
        return {all.positions().begin(), all.positions().end()};
    return withNeighbours(levelsOf(all, greedyLevels(all, levels - 1)), sorted, also);
}

/// The fine steps of a range.
class FineSteps {
  public:
    FineSteps(double low, double high) : low_(low), high_(high), step_((high - low) / Grid::kFineSteps) {}

    /// Those below and above each point, ascending.
    [[nodiscard]] std::vector<double> beside(std::span<const double> points) const {
        std::vector<double> steps;
        for (const double point : points)
            for (const double step : {std::floor((point - low_) / step_), std::ceil((point - low_) / step_)})
                add(step, steps);
        return steps;
    }
    /// The nearest one to each point, ascending.
    [[nodiscard]] std::vector<double> nearest(std::span<const double> points) const {
        std::vector<double> steps;
        for (const double point : points)
            add(std::round((point - low_) / step_), steps);
        return steps;
    }

  private:
    void add(double step, std::vector<double>& steps) const {
        const double place = step >= Grid::kFineSteps ? high_ : low_ + step * step_;
        if (steps.empty() || place > steps.back())
            steps.push_back(place);
    }

    double low_, high_, step_;
};

std::vector<double> placed(std::span<const float> sorted, const GridSpec& spec, std::size_t levels) {
    const double low = sorted.front(), high = sorted.back();
    switch (spec.kind) {
    case GridKind::Optimal:
        return bestOf(IntervalCost(sorted), levels);
    case GridKind::Candidates:
        return bestOf(IntervalCost(sorted, pointsFor(sorted, spec, levels)), levels);
    case GridKind::Greedy:
        return greedyPlacement(sorted, levels, uniformLevels(low, high, levels));
    case GridKind::Quantile:
        return quantileLevels(sorted, levels);
    case GridKind::LloydMax:
        return lloydMaxLevels(sorted, levels);
    case GridKind::Logarithmic:
        return logarithmicLevels(low, high, levels);
    case GridKind::Uniform:
        break;
    }
    throw std::logic_error("unknown grid");
}

} // namespace

bool minimizesVariance(GridKind kind) {
    return kind == GridKind::Optimal || kind == GridKind::Candidates || kind == GridKind::Greedy;
}

Grid placeLevels(std::span<const float> sorted, const GridSpec& spec, std::size_t levels,
                 LevelPlaces places) {
    const double low = sorted.front(), high = sorted.back();
    if (!(high > low))
        return Grid(std::vector{low});
    if (spec.kind == GridKind::Uniform)
        return Grid::uniform(low, high, static_cast<std::uint32_t>(levels));
    if (places == LevelPlaces::Floats)
        return Grid(placed(sorted, spec, levels));
    const FineSteps steps(low, high);
    if (!minimizesVariance(spec.kind))
        return Grid(steps.nearest(placed(sorted, spec, levels)));
    return Grid(bestOf(IntervalCost(sorted, steps.beside(pointsFor(sorted, spec, levels))), levels));
}

} // namespace zipml
