#pragma once
/// From a spec to the estimator and channels it asks for.

#include "core/estimate/gradient_method.h"
#include "core/lab/run_spec.h"

#include <algorithm>
#include <string>
#include <vector>

namespace zipml {

/// Without a correction yet: it follows from the data and the grids.
inline GradientMethod methodOf(const RunSpec& spec) {
    GradientMethod method(spec.estimator, {spec.loss, spec.classWeights});
    method.copies = copiesOf(spec);
    method.model = {spec.modelBits, spec.vectorScale};
    if (spec.arithmetic == Arithmetic::Integer) {
        method.integer = true;
        method.model = {std::min(spec.modelBits, 8), VectorScale::Largest}; // the integers' own range
    }
    method.gradient = {spec.gradientBits, spec.vectorScale};
    return method;
}

/// What a person should know of a method: where its loss makes it biased.
inline void addMethodNotes(const GradientMethod& method, std::vector<std::string>& notes) {
    const Loss& loss = method.loss;
    const std::string name(nameOf(loss.kind));
    if (!loss.isQuadratic() && method.copies > 1 && !isUnbiased(method.estimator->kind, loss.kind))
        notes.push_back("the slope of the " + name +
                        " loss is not linear, so that two independent roundings leave a bias: that of the "
                        "rounding inside of it");
    if (!loss.isQuadratic() && method.model.on())
        notes.push_back("the model is rounded inside of the " + name +
                        " loss's slope, which is not linear: that biases the gradient");
}

} // namespace zipml
