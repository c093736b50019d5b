#pragma once
/// An estimator has one colour on every page, so that what was learned of it in one plot is found in the next.

#include "core/lab/run_spec.h"

namespace zipml::ui {

/// Index of one of the colours of runs. The seven that are met most have colours of their own, the others
/// share.
int colorOfEstimator(EstimatorKind estimator);

} // namespace zipml::ui
