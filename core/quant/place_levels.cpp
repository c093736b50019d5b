#include "core/quant/grids/rows.h"
#include "core/quant/levels/optimal.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>

namespace zipml {
namespace {

struct Table {
    std::vector<GridPlacement> rows;
    std::vector<Named<GridKind>> names;

    Table() {
#define GRID(row) add(row);
#include "core/quant/grids/grids.def"
#undef GRID
    }

    GridKind add(const GridPlacement& row) {
        const auto kind = static_cast<GridKind>(rows.size());
        rows.push_back(row);
        names.push_back({kind, row.name, row.title, row.summary});
        return kind;
    }
};

Table& table() {
    static Table all;
    return all;
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

/// @throws std::logic_error where the placement breaks its promise: a wrong row shows at once.
std::vector<double> placed(const GridPlacement& placement, std::span<const float> sorted,
                           const GridSpec& spec, std::size_t levels) {
    std::vector<double> all = placement.place(sorted, spec, levels);
    const bool ascends = std::ranges::adjacent_find(all, std::greater_equal{}) == all.end();
    if (all.empty() || all.size() > levels || !ascends || all.front() != double{sorted.front()} ||
        all.back() != double{sorted.back()})
        throw std::logic_error("the placement " + std::string(placement.name) +
                               " does not give ascending levels from the least value to the greatest");
    return all;
}

} // namespace

template <>
std::span<const Named<GridKind>> namesOf<GridKind>() {
    return table().names;
}

const GridPlacement& placementOf(GridKind kind) {
    return table().rows.at(static_cast<std::size_t>(kind));
}

GridKind addPlacement(const GridPlacement& row) {
    return table().add(row);
}

bool minimizesVariance(GridKind kind) {
    return placementOf(kind).points != nullptr;
}

std::vector<double> uniformLevels(std::span<const float> sorted, std::size_t levels) {
    const Grid uniform =
        Grid::uniform(double{sorted.front()}, double{sorted.back()}, static_cast<std::uint32_t>(levels));
    std::vector<double> all(levels);
    for (std::uint32_t i = 0; i < uniform.levels(); ++i)
        all[i] = uniform.level(i);
    return all;
}

Grid placeLevels(std::span<const float> sorted, const GridSpec& spec, std::size_t levels,
                 LevelPlaces places) {
    const double low = sorted.front(), high = sorted.back();
    if (!(high > low))
        return Grid(std::vector{low});
    const GridPlacement& placement = placementOf(spec.kind);
    if (placement.place == nullptr)
        return Grid::uniform(low, high, static_cast<std::uint32_t>(levels));
    if (places == LevelPlaces::Floats)
        return Grid(placed(placement, sorted, spec, levels));
    const FineSteps steps(low, high);
    if (placement.points == nullptr)
        return Grid(steps.nearest(placed(placement, sorted, spec, levels)));
    const IntervalCost cost(sorted, steps.beside(placement.points(sorted, spec, levels)));
    return Grid(levelsOf(cost, optimalLevels(cost, levels)));
}

} // namespace zipml
