#pragma once
/// What is minimised.

#include "core/base/names.h"

namespace zipml {

/// Least squares and the least-squares SVM are both 1/2 (a.x - b)^2; the SVM's labels are -1 and +1
/// (docs/method.md#s7-1). Ridge is least squares with an l2 regularizer. The others are losses of the margin
/// b a.x, for two classes (core/loss/loss.h).
enum class LossKind { LeastSquares, LsSvm, Logistic, Hinge, SquaredHinge };
template <>
std::span<const Named<LossKind>> namesOf<LossKind>();

/// Whether the labels must be -1 and +1.
bool needsTwoClasses(LossKind kind);
/// Whether it is 1/2 (a.x - b)^2, whose gradient is linear in the model.
bool isQuadratic(LossKind kind);
/// The loss as records state it: "logistic loss: mean(log(1 + exp(-b a.x)))".
std::string_view reportedForm(LossKind kind);

} // namespace zipml
