#pragma once
/// Where a search among many rows starts: near the minimum over a few of them.

#include "core/data/dataset.h"
#include "core/loss/loss.h"
#include "core/loss/reference/scaled_rows.h"
#include "core/loss/regularizer.h"

#include <optional>

namespace zipml::reference {

/// Parameters for `rows`, which are those of `data`: the solution, roughly, over 32 rows a parameter.
/// Nothing where it would save no time, or where a few rows may have a solution that says nothing of all of
/// them (no l2 term).
std::optional<Eigen::VectorXd> coarseStart(const Dataset& data, const ScaledRows& rows, const Loss& loss,
                                           const Regularizer& regularizer, ThreadTeam& team);

} // namespace zipml::reference
