#pragma once
/// What is minimised.

#include "core/base/names.h"

namespace zipml {

/// Least squares and the least-squares SVM are both 1/2 (a.x - b)^2; the SVM's labels are -1 and +1
/// (method.md 7.1). Ridge is least squares with an l2 regularizer.
enum class LossKind { LeastSquares, LsSvm };
template <>
std::span<const Named<LossKind>> namesOf<LossKind>();

} // namespace zipml
