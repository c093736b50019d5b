#pragma once
/// Moments of one row's estimate, from which its variance follows (docs/method.md#eq6, #eq7, #eq9 and #s4-1).

#include "core/estimate/estimator.h"

namespace zipml {

/// Moments of one row and the model that the formulas share. With y = Q3(x), f its variance a weight, e the
/// sample's a value, D = diag(e), r = a.x - b (with the intercept's 1 in a, x0 in x):
struct RowMoments {
    double squaredLength = 0; ///< |a|^2
    double total = 0;         ///< TV = sum e
    double residual = 0;      ///< r
    double modelNoise = 0;    ///< A = sum a_i^2 f_i = Var(a.y)
    double sampleNoise = 0;   ///< W = E y'Dy = sum e_i (x_i^2 + f_i)
    double cross = 0;         ///< E (a.y - b) a'Dy = r a'Dx + sum a_i^2 e_i f_i
    double doubled = 0;       ///< E |Dy|^2 = sum e_i^2 (x_i^2 + f_i)
    double largestNoise = 0;  ///< TV |x o x + f| >= W, the lemma's form of it
    double singleMoment = 0;  ///< E |q (q.y - b) - c o y|^2, one rounding q with correction c
    double singleMean = 0;    ///< |E q (q.x - b) - c o x|^2

    [[nodiscard]] double squaredResidual() const {
        return residual * residual + modelNoise;
    } ///< E (a.y - b)^2
    [[nodiscard]] double squaredMean() const { return squaredLength * residual * residual; } ///< |a r|^2
};

/// E |g|^2 before the gradient is rounded, exactly and by the lemma, and |E g|^2.
struct SecondMoment {
    double exact, bound, squaredMean;
    bool known = true; ///< whether `exact` is exact, or only above it
};

/// Of samples that are not rounded at random.
SecondMoment momentOfExact(const RowMoments& row, int copies);
/// Of one rounding used twice, a correction included.
SecondMoment momentOfSingle(const RowMoments& row, int copies);
/// Of two roundings, one for the residual and one for the direction.
SecondMoment momentOfPlain(const RowMoments& row, int copies);
/// Of all pairs of the copies.
SecondMoment momentOfPairs(const RowMoments& row, int copies);
/// Of what has no more than all pairs do.
SecondMoment boundOfPairs(const RowMoments& row, int copies);

} // namespace zipml
