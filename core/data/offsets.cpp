#include "core/data/offsets.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr double kExactWhole = 16777216; // 2^24: up to here floats hold every whole number

} // namespace

double offsetFor(double low, double high, bool whole) {
    constexpr double kFar = 16; // times the range: four bits of a float's 24
    const double largest = std::max(std::abs(low), std::abs(high));
    const double range = high - low;
    if (!(low <= high) || largest == 0 || (whole && largest < kExactWhole))
        return 0;
    if (range == 0) // equal values stay equal
        return largest >= kExactWhole ? low : 0;
    const bool becomesExact = whole && range <= 2 * kExactWhole;
    if (largest < kFar * range && !becomesExact)
        return 0;
    double grain = std::exp2(std::floor(std::log2(range)) - 1);
    if (whole)
        grain = std::max(grain, 1.0);
    return std::round((low + range / 2) / grain) * grain;
}

bool mergesWholeNumbers(double low, double high, double offset) {
    return std::max(std::abs(low - offset), std::abs(high - offset)) > kExactWhole;
}

} // namespace zipml
