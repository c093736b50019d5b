#pragma once
/// Minibatch proximal stochastic gradient descent: x <- prox(x - step * (average of the estimator's gradients
/// over the batch)). The model is sent, and rounded, once a step, and so is the average gradient
/// (docs/method.md#s1).

#include "core/base/parallel.h"
#include "core/base/run_control.h"
#include "core/estimate/sample_source.h"
#include "core/loss/regularizer.h"
#include "core/solve/sgd_options.h"
#include "core/solve/variance_reduction.h"

#include <functional>

namespace zipml {

/// What one epoch needs to know.
struct EpochPlan {
    std::size_t batch = 16;
    double step = 0; ///< this epoch's
    RowOrder order = RowOrder::Shuffled;
    bool intercept = true;
    std::uint64_t seed = 1;
    std::uint32_t epoch = 1; ///< keys the row order and the roundings of model and gradient
    Regularizer regularizer;
    /// Batches that lie side by side are a window: each is left for the next one when all its batches were
    /// visited. For a store that is larger than memory; 0: all batches are one window.
    std::size_t batchesAWindow = 0;
    /// After each step the weights are brought onto |x| <= mostNorm; 0: they are not.
    double mostNorm = 0;
    /// Of variance-reduced solvers: the model that runs is the difference to it. Null: plain SGD.
    const Anchor* anchor = nullptr;
    VectorQuantizer kept = {}; ///< what the model's weights are rounded to after each step; off: they are not
};

/// The mean of the iterates over the last steps of a run.
class TailAverage {
  public:
    /// @param skipped steps before the tail
    explicit TailAverage(std::uint64_t skipped) : skipped_(skipped) {}
    void add(const LinearParameters& iterate);
    /// Takes over a mean that was formed elsewhere, from this one and `steps` more iterates.
    void advance(std::uint64_t steps, LinearParameters mean);
    /// Steps before the tail that are still to come; iterates in the mean.
    [[nodiscard]] std::uint64_t skipped() const { return skipped_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] bool begun() const { return count_ > 0; }
    [[nodiscard]] const LinearParameters& mean() const { return mean_; }

  private:
    std::uint64_t skipped_;
    std::uint64_t count_ = 0;
    LinearParameters mean_;
};

/// A minibatch is `batch` rows that lie side by side. Their order in an epoch: a new permutation (of the
/// windows, and of the batches in each), or the file's.
std::vector<std::uint32_t> batchOrder(const EpochPlan& plan, std::size_t batches);

/// What follows the gradient's part of a step: proximal step, rounding of a model that is kept in few bits,
/// averaging.
/// @param batch its number in the epoch: keys the draws
void finishStep(const EpochPlan& plan, LinearParameters& model, std::uint32_t batch, TailAverage* average);

/// Runs over all rows once, row by row in double: for every estimator and any store. minibatch_sgd.h is
/// faster where it applies. `onProgress` hears the share of the epoch done, a few dozen times and
/// after each single step (RunControl::stepBatch), when `model` is up to date. Batches of
/// more than 64 rows are spread over the team; the result does not depend on its size.
/// @param average hears of every step; null: nobody does
/// @return false when stopped before the end, or when the model is no longer finite: `model` is then
/// unfinished
bool runEpoch(const EpochPlan& plan, const SampleSource& source, const GradientMethod& method,
              std::span<const float> labels, LinearParameters& model, ThreadTeam& team, RunControl& control,
              const std::function<void(double)>& onProgress, TailAverage* average = nullptr);

constexpr std::size_t kStepRows = 2000; ///< that eigenvalues for the automatic step are taken from, at most

/// A seeded choice of kStepRows rows, or all in another order.
std::vector<std::uint32_t> stepRows(std::size_t rows, std::uint64_t seed);

/// The automatic step size: 1 / (2 (L + R / batch)), where L is the largest eigenvalue of mean(a a') (on a
/// seeded choice of rows) and R = mean(|a|^4) / mean(|a|^2), but at most batch / max |a|^2, so that no single
/// long row (a rare feature after scaling) is overshot. It depends on the data only, so that runs compare; a
/// run whose estimator's second moment does not allow it takes less (second_moment.h). Divided by the loss's
/// largest curvature.
/// @param overshoots leaves the bound by the longest row out
double autoStep(const Dataset& data, bool intercept, std::size_t batch, std::uint64_t seed,
                const Loss& loss = {}, bool overshoots = false);

/// What the automatic step needs of all rows' squared lengths |a|^2, the intercept's constant among them.
struct RowLengths {
    double squares = 0; ///< sum of |a|^2
    double fourths = 0; ///< sum of |a|^4
    double longest = 0; ///< the largest |a|^2

    /// The next rows; how all are cut into blocks makes no difference.
    void add(const Dataset& rows, bool intercept);
};

/// The step from its ingredients, where the data are not at hand. @param curvature L. @param spread R. @param
/// longest max |a|^2
double stepFor(double curvature, double spread, double longest, std::size_t rowsAStep,
               bool overshoots = false);

/// Of mean(a a') over some rows, by power iteration.
/// @param row its features; the intercept's constant is not among them
/// @param noise variance that each feature has from rounding, to be left out; empty: none
double largestEigenvalue(std::size_t rows, std::size_t features, bool intercept,
                         const std::function<std::span<const float>(std::size_t)>& row,
                         std::span<const double> noise = {});

} // namespace zipml
