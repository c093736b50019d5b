#pragma once
/// From a spec to the estimator and channels it asks for.

#include "core/estimate/gradient_method.h"
#include "core/lab/run_spec.h"

#include <algorithm>

namespace zipml {

/// Without a correction yet: it follows from the data and the grids.
inline GradientMethod methodOf(const RunSpec& spec) {
    GradientMethod method(spec.estimator);
    method.copies = copiesOf(spec);
    method.model = {spec.modelBits, spec.vectorScale};
    if (spec.arithmetic == Arithmetic::Integer) {
        method.integer = true;
        method.model = {std::min(spec.modelBits, 8), VectorScale::Largest}; // the integers' own range
    }
    method.gradient = {spec.gradientBits, spec.vectorScale};
    return method;
}

} // namespace zipml
