#pragma once
/// Weights as small integers: each is the index of the level nearest to it.

#include "core/quant/grid.h"
#include "core/quant/grid_spec.h"

#include <cstdint>
#include <span>
#include <vector>

namespace zipml::exported {

struct IntegerWeights {
    Grid grid;                       ///< at most 2^bits levels
    std::vector<std::uint8_t> codes; ///< one a weight: weight ~ grid.level(code)
};

/// To nearest, not at random: a model that is only read has no gradient to keep unbiased, and nearest is
/// closest. @param bits 1..8
IntegerWeights quantizeWeights(std::span<const double> weights, int bits, const GridSpec& spec);

/// weight ~ code * step, codes in [-(2^(bits-1) - 1), 2^(bits-1) - 1]. @param bits 2..8
struct SignedWeights {
    double step = 0;
    std::vector<std::int8_t> codes;
};
SignedWeights quantizeSigned(std::span<const double> weights, int bits);

} // namespace zipml::exported
