#pragma once
/// Least squares: per-sample loss 1/2 (a.x - b)^2, reported as mean((a.x - b)^2) (method.md, sign
/// convention).

#include "core/loss/optimum.h"

namespace zipml {

/// Solves the normal equations in double: by Cholesky, or by eigendecomposition where they are close to
/// singular. With a regularizer: see regularized_optimum.h.
/// @return nothing, with the reason in `note`, above 1,500 features (the cost grows with their cube).
std::optional<Optimum> exactOptimum(const Dataset& data, bool intercept, const Regularizer& regularizer,
                                    ThreadTeam& team, std::string& note, const Job& job = {});

} // namespace zipml
