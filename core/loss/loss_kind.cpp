#include "core/loss/loss_kind.h"

namespace zipml {

template <>
std::span<const Named<LossKind>> namesOf<LossKind>() {
    static constexpr Named<LossKind> table[] = {
        {LossKind::LeastSquares, "least-squares", "Least squares",
         "Mean squared error; labels -1 and +1 for classification. Ridge: with an l2 regularizer."},
        {LossKind::LsSvm, "ls-svm", "Least-squares SVM",
         "Classification: mean (1 - b a.x)^2 with labels b of -1 and +1, usually with an l2 regularizer."},
        {LossKind::Logistic, "logistic", "Logistic",
         "Classification: mean log(1 + exp(-b a.x)) with labels b of -1 and +1."},
        {LossKind::Hinge, "hinge", "Hinge (SVM)",
         "Classification: mean max(0, 1 - b a.x) with labels b of -1 and +1, usually with an l2 "
         "regularizer."},
        {LossKind::SquaredHinge, "squared-hinge", "Squared hinge",
         "Classification: mean 1/2 max(0, 1 - b a.x)^2, times the class weight; usually with an l2 "
         "regularizer."},
    };
    return table;
}

bool needsTwoClasses(LossKind kind) {
    return kind != LossKind::LeastSquares;
}

bool isQuadratic(LossKind kind) {
    return kind == LossKind::LeastSquares || kind == LossKind::LsSvm;
}

std::string_view reportedForm(LossKind kind) {
    switch (kind) {
    case LossKind::LeastSquares:
    case LossKind::LsSvm:
        return "mean squared error: mean((a.x - b)^2)";
    case LossKind::Logistic:
        return "logistic loss: mean(C log(1 + exp(-b a.x))), C the class weight";
    case LossKind::Hinge:
        return "hinge loss: mean(C max(0, 1 - b a.x)), C the class weight";
    case LossKind::SquaredHinge:
        return "squared hinge loss: mean(1/2 C max(0, 1 - b a.x)^2), C the class weight";
    }
    throw std::logic_error("unknown loss");
}

} // namespace zipml
