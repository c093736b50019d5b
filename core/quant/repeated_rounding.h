#pragma once
/// One value, rounded again and again: what "unbiased" means, to look at (docs/method.md#s2-1).

#include "core/quant/rounding.h"

#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

class RepeatedRounding {
  public:
    /// @param levels strictly increasing, at least one. @param value is clamped to them
    RepeatedRounding(std::span<const double> levels, double value, Rounding rounding, std::uint64_t seed);

    /// Draws made before `total` stay. Draw i is the same whenever it is made.
    void drawUpTo(std::size_t total);

    [[nodiscard]] double value() const { return value_; }
    [[nodiscard]] Rounding rounding() const { return rounding_; }
    [[nodiscard]] double lower() const { return lower_; }
    /// Equal to lower() where the value is on a level.
    [[nodiscard]] double upper() const { return upper_; }
    /// That a draw goes to upper().
    [[nodiscard]] double upProbability() const { return up_; }
    /// Of one draw.
    [[nodiscard]] double variance() const { return (upper_ - lower_) * (upper_ - lower_) * up_ * (1 - up_); }
    /// What the mean of many draws comes to: the value, but with nearest rounding a level.
    [[nodiscard]] double expected() const { return lower_ + up_ * (upper_ - lower_); }

    [[nodiscard]] std::size_t draws() const { return upsBefore_.size() - 1; }
    /// Result of the draw with this index, from 0.
    [[nodiscard]] double result(std::size_t draw) const {
        return upsBefore_[draw + 1] > upsBefore_[draw] ? upper_ : lower_;
    }
    /// Mean of the first `count` >= 1 draws.
    [[nodiscard]] double mean(std::size_t count) const {
        return lower_ + (upper_ - lower_) * upsBefore_[count] / static_cast<double>(count);
    }

  private:
    double value_, lower_, upper_, up_;
    Rounding rounding_;
    std::uint64_t seed_;
    std::vector<std::uint32_t> upsBefore_{0}; ///< among the first i draws
};

} // namespace zipml
