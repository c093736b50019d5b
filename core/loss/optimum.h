#pragma once
/// The model of least loss, where it can be found: the reference line of a run.

#include "core/loss/evaluate.h"
#include "core/loss/regularizer.h"

#include <optional>
#include <string>

namespace zipml {

struct Optimum {
    LinearParameters model; ///< of least mean minimised loss + R; of least norm where there are several
    double loss = 0;        ///< its mean loss, as reported
    double regularizer = 0; ///< its R
};

/// Least squares: least_squares.h; the others: margin_optimum.h.
/// @return nothing, with the reason in `note`, where it cannot be found or would take too long
std::optional<Optimum> findOptimum(const Dataset& data, const Loss& loss, bool intercept,
                                   const Regularizer& regularizer, ThreadTeam& team, std::string& note,
                                   const Job& job = {});

} // namespace zipml
