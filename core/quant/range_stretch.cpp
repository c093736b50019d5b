#include "core/quant/range_stretch.h"

#include "core/data/dataset.h"

#include <cstdio>
#include <limits>

namespace zipml {

void RangeStretch::Ends::add(float value) {
    if (value > low && value < nextLow)
        nextLow = value;
    if (value < high && value > nextHigh)
        nextHigh = value;
    if (value < low) {
        nextLow = low;
        low = value;
    }
    if (value > high) {
        nextHigh = high;
        high = value;
    }
}

void RangeStretch::add(std::span<const float> values, std::size_t rows, std::size_t features) {
    constexpr float kMost = std::numeric_limits<float>::infinity();
    while (ends_.size() < features) {
        ends_.push_back({kMost, kMost, -kMost, -kMost});
        if (rows_ > 0)
            ends_.back().add(0);
    }
    rows_ += rows;
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t f = 0; f < features; ++f) {
            Ends& ends = ends_[f];
            const float value = values[row * features + f];
            if (value < ends.nextLow || value > ends.nextHigh) // few values once some rows are known
                ends.add(value);
        }
}

std::vector<std::string> RangeStretch::warnings(const std::vector<std::string>& names,
                                                const Scaling& scaling) const {
    constexpr std::size_t kMostLines = 5;
    std::vector<std::string> lines;
    std::size_t more = 0;
    for (std::size_t f = 0; f < ends_.size(); ++f) {
        const Ends& ends = ends_[f];
        const double range = double{ends.high} - double{ends.low};
        const double without[] = {double{ends.nextHigh} - double{ends.low},
                                  double{ends.high} - double{ends.nextLow}};
        const bool above = without[0] <= without[1];
        const double rest = above ? without[0] : without[1];
        if (!(ends.nextLow < ends.high) || !(rest > 0) || range < kStretched * rest)
            continue;
        if (lines.size() == kMostLines) {
            ++more;
            continue;
        }
        double value = above ? ends.high : ends.low;
        const bool shown = scaling.kind != ScalingKind::None && scaling.kind != ScalingKind::RowUnit;
        if (shown)
            value = value / scaling.factor[f] + scaling.offset[f];
        char text[160];
        std::snprintf(text, sizeof text,
                      ": one value, %.7g%s, makes the range %.3g times as long as all others; check it, or "
                      "its levels are lost on the gap",
                      value, scaling.kind == ScalingKind::RowUnit ? " (scaled)" : "", range / rest);
        const std::string name = f < names.size() ? " (" + names[f] + ")" : "";
        lines.push_back("feature " + std::to_string(f + 1) + name + text);
    }
    if (more > 0)
        lines.push_back(std::to_string(more) +
                        " more features have a range that one value stretches as much");
    return lines;
}

} // namespace zipml
