#pragma once
/// The estimator polynomial is near its loss's slope on an interval of scores: what keeps the scores there,
/// and what is said where they left.

#include "core/data/dataset.h"
#include "core/loss/slope_polynomial.h"
#include "core/model/linear_parameters.h"

#include <string>

namespace zipml {

class PolynomialRange {
  public:
    /// @param train scaled, its rows dealt at random or not: the first 2,000 stand for all; outlives this
    PolynomialRange(const Dataset& train, double interval);

    /// Largest norm of the weights in the next epoch: that at which, in their direction so far, the scores'
    /// root mean square is half the interval; at least that at which it is so in any direction.
    [[nodiscard]] double mostNorm(const LinearParameters& model) const;

  private:
    const Dataset& train_;
    std::size_t rows_;
    double wanted_;        ///< root mean square of the scores
    double leastNorm_ = 1; ///< it is at most that in any direction
};

/// What a person should know where this share of the training scores is outside of the interval; empty where
/// it is at most 1%.
std::string scoresOutsideNote(const SlopePolynomial& polynomial, double share);

} // namespace zipml
