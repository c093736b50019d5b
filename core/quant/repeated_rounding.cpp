#include "core/quant/repeated_rounding.h"

#include "core/base/random.h"

#include <algorithm>

namespace zipml {

RepeatedRounding::RepeatedRounding(std::span<const double> levels, double value, Rounding rounding,
                                   std::uint64_t seed)
    : value_(std::clamp(value, levels.front(), levels.back())), rounding_(rounding), seed_(seed) {
    const auto above = std::ranges::lower_bound(levels, value_);
    upper_ = *above;
    lower_ = *above == value_ ? value_ : *(above - 1);
    up_ = upper_ > lower_ ? (value_ - lower_) / (upper_ - lower_) : 0;
    if (rounding == Rounding::Nearest)
        up_ = up_ >= 0.5 ? 1 : 0;
}

void RepeatedRounding::drawUpTo(std::size_t total) {
    const RandomStream stream(seed_, Purpose::RoundingOnScreen);
    while (draws() < total) {
        const auto draw = static_cast<std::uint32_t>(draws());
        upsBefore_.push_back(upsBefore_.back() + (stream.uniform(draw, 0) < up_ ? 1U : 0U));
    }
}

} // namespace zipml
