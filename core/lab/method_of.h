#pragma once
/// From a spec to the estimator and channels it asks for.

#include "core/estimate/gradient_method.h"
#include "core/lab/run_spec.h"

namespace zipml {

/// Without a correction yet: it follows from the data and the grids.
inline GradientMethod methodOf(const RunSpec& spec) {
    GradientMethod method(spec.estimator);
    method.copies = copiesOf(spec);
    method.model = {spec.modelBits, spec.vectorScale};
    method.gradient = {spec.gradientBits, spec.vectorScale};
    return method;
}

} // namespace zipml
