#pragma once
/// How good a model is on some rows.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/rows_view.h"
#include "core/loss/loss.h"
#include "core/model/linear_parameters.h"

namespace zipml {

struct Evaluation {
    double loss = 0;     ///< mean over the rows, as reported (Loss::value)
    double accuracy = 0; ///< share of rows whose score has the label's sign (labels -1, +1)
};

/// In double; the result does not depend on the team.
Evaluation evaluate(const RowsView& data, const Loss& loss, const LinearParameters& model, ThreadTeam& team,
                    const Job& job = {});

/// Share of the rows whose score is beyond -most or most.
double shareBeyond(const Dataset& data, const LinearParameters& model, double most, ThreadTeam& team,
                   const Job& job = {});

/// Mean over the rows of slope(a.x, b) a, in full precision: the gradient of the minimised loss. Its
/// intercept is that of the exact constant-1 feature. @param labels one a row; empty: the data's
LinearParameters meanGradient(const Dataset& data, const Loss& loss, const LinearParameters& model,
                              ThreadTeam& team, const Job& job = {}, std::span<const float> labels = {});

} // namespace zipml
