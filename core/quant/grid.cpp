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

Grid Grid::onFineSteps() const {
    if (!levels_ || intervals_ == 0)
        return *this;
    const double step = (high_ - low_) / kFineSteps;
    std::vector<double> moved{low_};
    for (const double level : *levels_) {
        const double to = low_ + std::round((level - low_) / step) * step;
        if (to > moved.back() && to < high_)
            moved.push_back(to);
    }
    moved.push_back(high_);
    return Grid(std::move(moved));
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
    const double gap = levels_ ? (*levels_)[index + 1] - (*levels_)[index] : gap_;
    return gap * gap * fraction * (1.0 - fraction);
}

} // namespace zipml
