#pragma once
/// How far an estimator's mean is from the exact gradient: measured by Monte Carlo, and predicted by formula.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/estimate/estimator.h"
#include "core/quant/grid.h"

#include <optional>

namespace zipml {

struct BiasOptions {
    int draws = 16; ///< one draw rounds every row afresh and averages the gradient over the rows; at least 2
    std::uint64_t seed = 1;
    std::uint32_t firstDraw = 0; ///< keys the draws: measurements with disjoint ranges are independent
    bool intercept = true;
};

struct BiasMeasurement {
    double exactNorm = 0;                ///< |exact average gradient|
    double norm = 0;                     ///< |mean of the draws - exact average gradient|
    double standardError = 0;            ///< sqrt(variance / draws): the norm that pure noise would show
    double variance = 0;                 ///< trace of the draws' covariance
    std::optional<double> predictedNorm; ///< by formula; empty where none exists (nearest rounding)
    int draws = 0;                       ///< 1 where the estimator is deterministic
};

/// @param rows the rows averaged over; both gradients and the formula use just these
BiasMeasurement measureBias(const Dataset& data, std::span<const std::uint32_t> rows,
                            std::span<const UniformGrid> grids, const Estimator& estimator,
                            const LinearParameters& model, const BiasOptions& options, ThreadTeam& team,
                            const Job& job = {});

} // namespace zipml
