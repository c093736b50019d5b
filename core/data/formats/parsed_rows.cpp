#include "core/data/formats/parsed_rows.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr float kExactWhole = 16777216.0F; // 2^24: from here on floats merge whole numbers

bool mayBeInexact(float value) {
    return !std::isnan(value) && (value != std::nearbyintf(value) || std::abs(value) >= kExactWhole);
}

} // namespace

void FeatureRange::join(const FeatureRange& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    inexact = inexact || other.inexact;
}

bool FeatureRange::far(float ratio) const {
    const float largest = std::max(std::abs(low), std::abs(high));
    return low <= high && largest > 0 && largest / ratio >= high - low;
}

void ParsedRows::clear() {
    labels.clear();
    weights.clear();
    values.clear();
    entries.clear();
    ends.clear();
    width = 0;
    dropped = 0;
    zeroIndex = false;
    ranges.clear();
    present.clear();
    lines = 0;
    bad.reset();
}

void ParsedRows::measure(std::size_t features) {
    ranges.assign(features, {});
    std::vector<float> low(features, std::numeric_limits<float>::infinity());
    std::vector<float> high(features, -std::numeric_limits<float>::infinity());
    const std::size_t count = rows();
    for (std::size_t r = 0; r < count; ++r) {
        const float* const row = values.data() + r * features;
        for (std::size_t f = 0; f < features; ++f) { // NaN leaves them as they are
            low[f] = row[f] < low[f] ? row[f] : low[f];
            high[f] = row[f] > high[f] ? row[f] : high[f];
        }
    }
    for (std::size_t f = 0; f < features; ++f) {
        FeatureRange& range = ranges[f];
        range.low = low[f];
        range.high = high[f];
        // A block's range is part of the file's: what is far from zero there is nearly so here.
        constexpr float kNearly = 8;
        for (std::size_t r = 0; r < count && range.far(kNearly) && !range.inexact; ++r)
            range.inexact = mayBeInexact(values[r * features + f]);
    }
}

void ParsedRows::measureSparse() {
    constexpr std::size_t kWidest = 20'000; // wider rows lack values, which are zeros: none is far from zero
    if (width > kWidest)
        return;
    ranges.assign(width, {});
    present.assign(width, 0);
    const std::size_t complete = ends.empty() ? 0 : ends.back(); // behind them are parts of a bad line
    for (const SparseValue& entry : std::span(entries).first(complete)) {
        FeatureRange& range = ranges[entry.index];
        range.low = std::min(range.low, entry.value);
        range.high = std::max(range.high, entry.value);
        range.inexact = range.inexact || mayBeInexact(entry.value);
        ++present[entry.index];
    }
}

} // namespace zipml
