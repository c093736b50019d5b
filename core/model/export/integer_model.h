#pragma once
/// A linear model in whole numbers alone (docs/method.md#s26): what the integer C header and the hardware
/// description compute.
///   input[f]  = round(value[f] * 2^inputBits[f])
///   steps[f]  = input[f] - zero[f], clamped to [-kReach, kReach]
///   score[k] ~ (constant[k] + sum_f weight[k][f] * steps[f]) * 2^-scoreBits

#include "core/model/export/folded_model.h"

#include <cstdint>
#include <span>
#include <vector>

namespace zipml::exported {

struct IntegerModel {
    static constexpr std::int32_t kReach = 32'767; ///< the most steps of an input from its zero
    static constexpr int kMostBits = 16;           ///< of a weight

    std::vector<int> inputBits;                    ///< one a feature; below 0 where values are large
    std::vector<std::int64_t> zero;                ///< one a feature, an input
    bool wide = false;                             ///< some input takes more than 32 bits
    int weightBits = kMostBits;                    ///< 2..16
    std::vector<std::vector<std::int32_t>> weight; ///< scores x features, below 2^(weightBits - 1)
    std::vector<std::int64_t> constant;            ///< one a score
    int scoreBits = 0;
    /// No score differs from the model's, in real arithmetic, by more than this times 2^-scoreBits, while inputs
    /// are values rounded to nearest and none is clamped.
    std::int64_t error = 0;

    [[nodiscard]] std::size_t features() const { return zero.size(); }
    [[nodiscard]] std::size_t scores() const { return constant.size(); }
    /// The reference of what is generated. @return a score each
    [[nodiscard]] std::vector<std::int64_t> scoresOf(std::span<const std::int64_t> inputs) const;
};

/// @param bits of a weight, 2..16 @throws InputError where features have no range that is known, rows are
/// divided by their length, or numbers are beyond 64 bits
IntegerModel integerModel(const LinearModel& model, int bits);

} // namespace zipml::exported
