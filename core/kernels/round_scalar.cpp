#include "core/kernels/round_kernels.h"

namespace zipml {
namespace {

constexpr double kWords = 4294967296.0; // 2^32: u < fraction exactly when word < fraction * 2^32

/// A value that lies `fraction` of the way from level `index` to the next one, rounded `copies` times.
std::uint32_t sumOfRoundings(std::uint32_t index, double fraction, const RoundingDraws& draws,
                             std::size_t feature) {
    std::uint32_t sum = 0;
    for (std::size_t copy = 0; copy < draws.copies; ++copy) {
        const bool up = draws.words != nullptr
                            ? draws.words[copy * draws.stride + feature] < fraction * kWords
                            : fraction >= 0.5;
        sum += index + (up ? 1U : 0U);
    }
    return sum;
}

double placeOf(double value, const UniformColumns& grids, std::size_t feature) {
    const double place = (value - grids.low[feature]) * grids.intervalsPerUnit[feature];
    const double highest = grids.intervals[feature];
    return place > 0 ? (place < highest ? place : highest) : 0;
}

} // namespace

void roundUniformScalar(const float* values, const UniformColumns& grids, const RoundingDraws& draws,
                        std::size_t count, std::uint32_t* codes) {
    for (std::size_t f = 0; f < count; ++f) {
        const double place = placeOf(values[f], grids, f);
        const auto index =
            static_cast<std::uint32_t>(place); // of the highest level: nothing is above, fraction 0
        codes[f] = sumOfRoundings(index, place - index, draws, f);
    }
}

void roundTableScalar(const float* values, const TableColumns& grids, const RoundingDraws& draws,
                      std::size_t count, std::uint32_t* codes) {
    for (std::size_t f = 0; f < count; ++f) {
        const double value = values[f];
        const double* level = grids.levels + f;
        std::uint32_t index = 0;
        for (std::size_t l = 1; l < grids.count; ++l)
            index += value >= level[l * grids.stride] ? 1U : 0U;
        const double lower = level[index * grids.stride], upper = level[(index + 1) * grids.stride];
        const double fraction = (value - lower) / (upper - lower); // 0 from the highest level on; below the
        codes[f] = sumOfRoundings(index, fraction, draws, f);      // lowest negative, which is never up
    }
}

void addVarianceScalar(const float* values, const UniformColumns& grids, std::size_t count, double* sums) {
    for (std::size_t f = 0; f < count; ++f) {
        const double place = placeOf(values[f], grids, f);
        const double fraction = place - static_cast<std::uint32_t>(place);
        sums[f] += fraction * (1.0 - fraction);
    }
}

} // namespace zipml
