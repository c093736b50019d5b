#pragma once
/// Least squares: per-sample loss 1/2 (a.x - b)^2, reported as mean((a.x - b)^2) (method.md, sign
/// convention).

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/loss/regularizer.h"
#include "core/model/linear_parameters.h"

#include <optional>
#include <string>

namespace zipml {

struct Evaluation {
    double meanSquaredError = 0;
    double accuracy = 0; ///< share of rows whose prediction has the label's sign (labels -1, +1)
};

Evaluation evaluate(const Dataset& data, const LinearParameters& model, ThreadTeam& team,
                    const Job& job = {});

/// Mean over the rows of a (a.x - b), in full precision: the gradient of the loss. Its intercept is that of
/// the exact constant-1 feature.
LinearParameters meanGradient(const Dataset& data, const LinearParameters& model, ThreadTeam& team,
                              const Job& job = {});

struct Optimum {
    LinearParameters model; ///< of least 1/2 mean squared error + R; of least norm where there are several
    double loss = 0;        ///< its mean squared error
    double regularizer = 0; ///< its R
};

/// Solves the normal equations in double: by Cholesky, or by eigendecomposition where they are close to
/// singular. With a regularizer: see regularized_optimum.h.
/// @return nothing, with the reason in `note`, above 1,500 features (the cost grows with their cube).
std::optional<Optimum> exactOptimum(const Dataset& data, bool intercept, const Regularizer& regularizer,
                                    ThreadTeam& team, std::string& note, const Job& job = {});

} // namespace zipml
