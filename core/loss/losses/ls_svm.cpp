#include "core/loss/losses/rows.h"
#include "core/loss/losses/squares.h"

namespace zipml {

constinit const LossRow kLsSvm{
    .name = "ls-svm",
    .title = "Least-squares SVM",
    .summary =
        "Classification: mean (1 - b a.x)^2 with labels b of -1 and +1, usually with an l2 regularizer.",
    .form = kSquaresForm,
    .twoClasses = true,
    .quadratic = true,
    .value = squaredResidual,
    .slope = residual,
    .toSlopes = toResiduals,
    .curvature = constantCurvature,
    .onDevices = 0,
};

} // namespace zipml
