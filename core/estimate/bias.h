#pragma once
/// How far an estimator's mean is from the exact gradient, and how much it scatters: measured by Monte Carlo,
/// and predicted by formula.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/estimate/sample_source.h"
#include "core/estimate/variance.h"

#include <optional>

namespace zipml {

struct BiasOptions {
    int draws = 16; ///< one draw rounds every row afresh and averages the gradient over the rows; at least 2
    std::uint64_t seed = 1;
    std::uint32_t firstDraw = 0; ///< keys the draws: measurements with disjoint ranges are independent
    bool intercept = true;
    std::span<const float> labels = {}; ///< of all rows; empty: the data's
};

struct BiasMeasurement {
    Eigen::VectorXd exact;               ///< average gradient of the features' weights
    double exactNorm = 0;                ///< |exact average gradient|
    double norm = 0;                     ///< |mean of the draws - exact average gradient|
    double standardError = 0;            ///< sqrt(variance / draws): the norm that pure noise would show
    double variance = 0;                 ///< trace of the draws' covariance
    double varianceStandardError = 0;    ///< of `variance`, estimated from the draws themselves
    std::optional<double> predictedNorm; ///< by formula; empty where none exists (nearest rounding)
    PredictedVariance predictedVariance;
    int draws = 0; ///< 1 where the estimator is deterministic
};

/// In a draw the samples, and where the method rounds them the model and the gradient, are rounded afresh for
/// every row. A corrected estimator subtracts the mean rounding variance of these `rows`.
/// @param rows the rows averaged over; both gradients and the formulas use just these
BiasMeasurement measureBias(const Dataset& data, std::span<const std::uint32_t> rows,
                            std::span<const Grid> grids, const GradientMethod& method,
                            const LinearParameters& model, const BiasOptions& options, ThreadTeam& team,
                            const Job& job = {});

/// What the model and the gradient are rounded with, where a method rounds them.
struct ChannelStreams {
    RandomStream model, gradient;
};

/// One draw: the average of the estimates over `rows`, model and gradient rounded afresh for every row. A
/// corrected estimator subtracts its correction.
/// @param source rounds the samples that the method reads @param labels of all rows, which `rows` index
LinearParameters averageGradient(const SampleSource& source, std::span<const float> labels,
                                 std::span<const std::uint32_t> rows, const GradientMethod& method,
                                 const LinearParameters& model, bool intercept,
                                 const ChannelStreams& channels, const Job& job = {});

/// E estimate - exact gradient, averaged over rows with this mean rounding variance a feature
/// (docs/method.md#eq3). Empty where no formula exists (nearest rounding).
std::optional<LinearParameters> predictBias(const GradientMethod& method,
                                            const Eigen::VectorXd& meanRoundingVariance,
                                            const LinearParameters& model);

} // namespace zipml
