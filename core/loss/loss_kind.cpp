#include "core/loss/loss_kind.h"

namespace zipml {

template <>
std::span<const Named<LossKind>> namesOf<LossKind>() {
    static constexpr Named<LossKind> table[] = {
        {LossKind::LeastSquares, "least-squares", "Least squares",
         "Mean squared error; labels -1 and +1 for classification. Ridge: with an l2 regularizer."},
        {LossKind::LsSvm, "ls-svm", "Least-squares SVM",
         "Classification: mean (1 - b a.x)^2 with labels b of -1 and +1, usually with an l2 regularizer."},
    };
    return table;
}

} // namespace zipml
