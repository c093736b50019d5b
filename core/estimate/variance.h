#pragma once
/// The variance of a gradient estimate by formula (docs/method.md#eq6, #eq7, #eq9 and #s4-1).

#include "core/data/dataset.h"
#include "core/estimate/gradient_method.h"
#include "core/quant/grid.h"

#include <optional>

namespace zipml {

struct PredictedVariance {
    std::optional<double> exact; ///< empty where there is no closed form (double-mean, rounded gradients)
    std::optional<double> bound; ///< the lemma's; the exact value where the method has no lemma
};

/// Trace of the covariance, over the roundings, of the average over `rows` of estimates that are rounded
/// independently, model and gradient included, row by row. Least squares; empty for other losses, unless
/// nothing is rounded at random.
PredictedVariance predictVariance(const Dataset& data, std::span<const std::uint32_t> rows,
                                  std::span<const Grid> grids, const GradientMethod& method,
                                  const LinearParameters& model, bool intercept,
                                  std::span<const float> labels = {});

} // namespace zipml
