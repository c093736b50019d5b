#pragma once
/// Rows between the two passes of kernels that decode copies: the scores at the copies, which an estimator's
/// ScoreRule turns into the factors that the copies have in the gradient.

#include "core/estimate/gradient_method.h"

#include <span>

namespace zipml {

struct ScoreBlock {
    const GradientMethod& method;
    std::span<const float> labels; ///< one a row
    /// One array a copy, and in it one number a row; of copies that the rule scores.
    std::span<const float* const> scores;
    /// The same, to be filled, of copies that the rule adds.
    std::span<float* const> factors;
    /// Refetching: how far a score at copy 0 is at most from that of the sample.
    float radius = 0;
    /// Refetching: one a row, 0 until it is set where the sample itself is needed, which then is added
    /// elsewhere.
    unsigned char* fetches = nullptr;

    [[nodiscard]] std::size_t rows() const { return labels.size(); }
};

} // namespace zipml
