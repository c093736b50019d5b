#pragma once
/// Minibatch stochastic gradient descent: x <- x - step * (average of the estimator's gradients over the
/// batch).

#include "core/base/parallel.h"
#include "core/estimate/sample_source.h"
#include "core/solve/run_control.h"
#include "core/solve/sgd_options.h"

#include <functional>

namespace zipml {

/// What one epoch needs to know.
struct EpochPlan {
    std::size_t batch = 16;
    double step = 0; ///< this epoch's
    RowOrder order = RowOrder::Shuffled;
    bool intercept = true;
    std::uint64_t seed = 1;
    std::uint32_t epoch = 1; ///< keys the row order
};

/// Runs over all rows once. `onProgress` hears the share of the epoch done, a few dozen times.
/// Batches of more than 64 rows are spread over the team; the result does not depend on its size.
/// @return false when stopped before the end, or when the model is no longer finite: `model` is then
/// unfinished
bool runEpoch(const EpochPlan& plan, const SampleSource& source, const Estimator& estimator,
              std::span<const float> labels, LinearParameters& model, ThreadTeam& team, RunControl& control,
              const std::function<void(double)>& onProgress);

/// The automatic step size: 1 / (2 (L + R / batch)), where L is the largest eigenvalue of mean(a a') (on a
/// seeded choice of rows) and R = mean(|a|^4) / mean(|a|^2), but at most batch / max |a|^2, so that no single
/// long row (a rare feature after scaling) is overshot. It depends on the data only, never on the bits, so
/// that runs compare.
double autoStep(const Dataset& data, bool intercept, std::size_t batch, std::uint64_t seed);

} // namespace zipml
