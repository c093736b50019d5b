#pragma once
/// The mean motion of SGD on a loss that is not quadratic: dx/dt = -(mean of the estimator's gradients at x),
/// over the time that all steps are, integrated in a few implicit steps that grow (docs/method.md#s24).

#include "core/advise/flat_layout.h"
#include "core/base/job.h"
#include "core/estimate/sample_source.h"
#include "core/solve/sgd_options.h"

#include <span>

namespace zipml {

struct CurvedProblem {
    const Dataset& train;
    const FlatLayout& layout;
    double l2; ///< of the regularizer
    /// Where the loss's slope has a step it counts as rising over margins this far from it.
    double band;
    std::span<const std::uint32_t> rows; ///< that means are taken over
};

/// The second derivative of a loss by the score, smoothed where the slope has a step.
double smoothedCurvature(const Loss& loss, double score, double label, double band);

/// Mean gradient and its derivative by the model, the symmetric part of it.
struct CurvedPull {
    Eigen::VectorXd gradient;
    Eigen::MatrixXd curvature;
};
CurvedPull curvedPull(const CurvedProblem& problem, const SampleSource& source, const GradientMethod& method,
                      const Eigen::VectorXd& at);

/// From the zero model. @param steps of an epoch @return not finite where it runs away
Eigen::VectorXd curvedEnd(const CurvedProblem& problem, const SampleSource& source,
                          const GradientMethod& method, const SgdOptions& sgd, double step, std::size_t steps,
                          const Job& job);

} // namespace zipml
