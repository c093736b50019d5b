#pragma once
/// The model of least loss: the reference line of a run, with a bound on how far it is from the minimum.

#include "core/loss/evaluate.h"
#include "core/loss/regularizer.h"

#include <optional>
#include <string>

namespace zipml {

struct Optimum {
    LinearParameters model; ///< of least mean minimised loss + R; of least norm where R is none
    double loss = 0;        ///< its mean loss, as reported
    double regularizer = 0; ///< its R
    /// No model's objective (mean minimised loss + R) is below this one's by more than this share of it, or
    /// of `rounding` where that is more. By the duality gap; without a regularizer, by what is left of the
    /// gradient and the curvature.
    double certificate = 0;
    double rounding = 0; ///< an objective as low as this counts as 0: 1e-14 of the zero model's

    /// Mean minimised loss + R.
    [[nodiscard]] double objective(const Loss& of) const { return loss / of.reportedFactor() + regularizer; }
};

/// The worst certificate that an optimum is shown with.
constexpr double kWorstCertificate = 1e-6;

/// By reference/search.h, in double, on the rows as they are trained on.
/// @return nothing, with the reason in `note`, where it cannot be found to kWorstCertificate, where it would
/// take too long, or where there is none: classes that can be separated have none in logistic loss alone
std::optional<Optimum> findOptimum(const Dataset& data, const Loss& loss, bool intercept,
                                   const Regularizer& regularizer, ThreadTeam& team, std::string& note,
                                   const Job& job = {});

} // namespace zipml
