#pragma once
/// A grid: the levels that the values of one feature are rounded to (method.md 2).

#include "core/data/dataset.h"
#include "core/quant/rounding.h"

#include <cstdint>
#include <vector>

namespace zipml {

/// `intervals` + 1 equally spaced levels from `low` to `high`. A feature with low == high has one level.
struct UniformGrid {
    double low = 0, high = 0; ///< the feature's scaled units
    std::uint32_t intervals = 1;

    /// 2^bits levels ("full code space", method.md 2.2). @param bits 1..16
    static UniformGrid ofBits(double low, double high, int bits);

    [[nodiscard]] double gap() const { return (high - low) / intervals; }
    [[nodiscard]] double level(std::uint32_t index) const { return low + index * gap(); }

    /// Where a value lies: between level(index) and level(index + 1), at `fraction` in [0, 1] of the way.
    struct Position {
        std::uint32_t index;
        double fraction;
    };
    /// Values outside [low, high] are clamped to it.
    [[nodiscard]] Position locate(double value) const;
    /// Var Q(value) = (upper level - value)(value - lower level), method.md (1).
    [[nodiscard]] double roundingVariance(double value) const;
};

/// One grid a feature, over the feature's range in `data`.
/// @param bits 1..16
std::vector<UniformGrid> buildGrids(const Dataset& data, GridKind kind, int bits);

} // namespace zipml
