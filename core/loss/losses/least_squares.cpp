#include "core/loss/losses/rows.h"
#include "core/loss/losses/squares.h"

namespace zipml {

constinit const LossRow kLeastSquares{
    .name = "least-squares",
    .title = "Least squares",
    .summary = "Mean squared error; labels -1 and +1 for classification. Ridge: with an l2 regularizer.",
    .form = kSquaresForm,
    .twoClasses = false,
    .quadratic = true,
    .value = squaredResidual,
    .slope = residual,
    .toSlopes = toResiduals,
    .curvature = constantCurvature,
    .onDevices = 0,
};

} // namespace zipml
