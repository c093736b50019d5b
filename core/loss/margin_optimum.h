#pragma once
/// The minimum of mean loss + R for the losses of the margin, by a truncated Newton method: conjugate
/// gradients for the step (Dembo and Steihaug 1983), then a line search.
///
/// The hinge, which has no second derivative, is minimised as the limit of smoothed hinges that are quadratic
/// on a stretch of width eps below the kink. These lie at most eps / 2 below it, so what is left is known.

#include "core/loss/optimum.h"

namespace zipml {

/// @param loss not quadratic
/// @return nothing, with the reason in `note`, for regularizers other than none and l2, above
/// 5 * 10^7 values, and where there is no minimum because the classes can be separated
std::optional<Optimum> marginOptimum(const Dataset& data, const Loss& loss, bool intercept,
                                     const Regularizer& regularizer, ThreadTeam& team, std::string& note,
                                     const Job& job = {});

} // namespace zipml
