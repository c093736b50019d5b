#include "core/quant/grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml {

Grid Grid::uniform(double low, double high, std::uint32_t levels) {
    Grid grid;
    grid.low_ = low;
    grid.high_ = high;
    grid.intervals_ = high > low ? levels - 1 : 0;
    if (grid.intervals_ == 0)
        return grid;
    constexpr double kMost = std::numeric_limits<double>::max();
    const double width = high - low;
    grid.gap_ = width / grid.intervals_;
    grid.intervalsPerUnit_ = std::min(grid.intervals_ / width, kMost);
    // The quotient may be rounded down so far that `high` does not reach its own level.
    while (width * grid.intervalsPerUnit_ < grid.intervals_ && grid.intervalsPerUnit_ < kMost)
        grid.intervalsPerUnit_ = std::nextafter(grid.intervalsPerUnit_, kMost);
    return grid;
}

Grid::Grid(std::vector<double> levels)
    : low_(levels.front()), high_(levels.back()), intervals_(static_cast<std::uint32_t>(levels.size() - 1)),
      levels_(std::make_shared<const std::vector<double>>(std::move(levels))) {}

double Grid::fineStep(std::uint32_t index) const {
    return std::round((level(index) - low_) / ((high_ - low_) / kFineSteps));
}

double Grid::fineStepError() const {
    if (!levels_ || intervals_ == 0)
        return 0;
    const double step = (high_ - low_) / kFineSteps;
    double most = 0;
    for (std::uint32_t i = 0; i <= intervals_; ++i) {
        const double gap = std::min(i > 0 ? level(i) - level(i - 1) : HUGE_VAL,
                                    i < intervals_ ? level(i + 1) - level(i) : HUGE_VAL);
        most = std::max(most, std::abs(low_ + fineStep(i) * step - level(i)) / gap);
    }
    return most;
}

Grid::Position Grid::locate(double value) const {
    if (intervals_ == 0)
        return {0, 0.0};
    if (!levels_) {
        const double place = std::clamp((value - low_) * intervalsPerUnit_, 0.0, double(intervals_));
        const auto index = std::min(static_cast<std::uint32_t>(place), intervals_ - 1);
        return {index, place - index};
    }
    const auto& levels = *levels_;
    const auto above = std::upper_bound(levels.begin() + 1, levels.end() - 1, value) - levels.begin();
    const auto index = static_cast<std::uint32_t>(above - 1);
    const double lower = levels[index];
    return {index, std::clamp((value - lower) / (levels[index + 1] - lower), 0.0, 1.0)};
}

double Grid::roundingVariance(double value) const {
    if (intervals_ == 0)
        return 0;
    const auto [index, fraction] = locate(value);
    if (!levels_)
        return gap_ * gap_ * fraction * (1.0 - fraction);
    return std::max(0.0, (level(index + 1) - value) * (value - level(index))); // 0 outside of the range
}

std::uint64_t codebookBytes(std::span<const Grid> grids) {
    std::uint64_t numbers = 0;
    const Grid* table = nullptr;
    for (const Grid& grid : grids) {
        if (grid.isUniform()) {
            numbers += 2;
        } else if (table == nullptr || !table->sharesLevelsWith(grid)) {
            numbers += grid.levels();
            table = &grid;
        }
    }
    return numbers * sizeof(float);
}

} // namespace zipml
