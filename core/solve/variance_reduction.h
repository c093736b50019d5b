#pragma once
/// Variance-reduced solvers on quantized samples: they reach the exact optimum where SGD ends on a floor of
/// noise or of bias.
///
/// Every few passes an anchor x~ is taken: the exact gradient g~ of the mean loss there, from the samples in
/// full precision (SVRG: Johnson and Zhang, "Accelerating stochastic gradient descent using predictive
/// variance reduction", NIPS 2013). In between a step of B rows is
///
///     x <- prox(x - step (G(x) - G(x~) + g~)),
///
/// G the estimator's gradient on the rounded rows. Where x = x~ the roundings cancel: their noise and their
/// bias shrink with |x - x~|. Of least squares G(x) - G(x~) = G z, z = x - x~, without labels, so that the
/// kernels of plain SGD run on z and every rounding (of samples, of z as it is sent, of residuals to 8-bit
/// integers) is relative to z.
///
/// With H = mean(a a') and M = mean(G), what the frozen roundings put in its place, the passes solve
/// M z = -g~, and x - x* becomes (I - M^-1 H)(x - x*): the roundings act as a preconditioner. A rounding used
/// as if it were exact has M = H + D, which always contracts, by the spectral radius of (H + D)^-1 D < 1;
/// unbiased estimators have M = H + E with a small random E, which contracts by that of (H + E)^-1 E, far
/// better from 3 or 4 bits on, and not at all where H + E is not positive (contractionOf in spectrum.h tells
/// before it starts). An unbiased G makes the estimate unbiased: E (G(x) - G(x~) + g~) = gradient at x.
///
/// The first anchor is the zero model, where the gradient -mean(a b) has no product of two roundings: it is
/// taken from the rounded samples, unbiased whatever the estimator. Its noise is what the second anchor takes
/// away.
///
/// The step is constant. The rows' own scatter leaves z near its end on a floor that is a fixed share of
/// |z|, so that the anchor moves to the mean of the iterates of the second half of its passes (Polyak and
/// Juditsky 1992), which takes that share down by the square root of the steps: measured, four anchors of
/// four passes reach 1e-6 on cadata, cpusmall and synthetic:100 at 4 bits; the last iterate takes up to 14.
///
/// Bit centering (HALP: De Sa et al., "High-accuracy low-precision training", arXiv 1803.03383, 2018) keeps
/// z itself on 2^b - 1 levels from -r to r, r = |g~| / mu: as |x* - x~| <= |g~| / mu with mu the least
/// curvature, it holds z's end, and shrinks with the gradient's norm. It takes about log2(L / mu) bits.

#include "core/model/linear_parameters.h"

namespace zipml {

/// Where gradients are known exactly.
struct Anchor {
    LinearParameters at;       ///< x~
    LinearParameters gradient; ///< g~ of the mean loss, without the regularizer
};

} // namespace zipml
