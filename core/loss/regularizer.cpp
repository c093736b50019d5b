#include "core/loss/regularizer.h"

#include "core/base/number_text.h"

#include <cmath>

namespace zipml {

template <>
std::span<const Named<RegularizerKind>> namesOf<RegularizerKind>() {
    static constexpr Named<RegularizerKind> table[] = {
        {RegularizerKind::None, "none", "None", "The loss alone."},
        {RegularizerKind::L2, "l2", "Ridge (l2)", "Adds lambda / 2 * |x|^2: shrinks all weights."},
        {RegularizerKind::L1, "l1", "Lasso (l1)", "Adds lambda * sum |x_i|: sets weights to exactly 0."},
        {RegularizerKind::Elastic, "elastic", "Elastic net",
         "Adds lambda1 * sum |x_i| + lambda2 / 2 * |x|^2."},
        {RegularizerKind::Ball, "ball", "Ball", "Keeps the weights' Euclidean norm at most R."},
        {RegularizerKind::Box, "box", "Box", "Keeps every weight between lo and hi."},
    };
    return table;
}

double Regularizer::value(const Eigen::VectorXd& weights) const {
    return l1 * weights.lpNorm<1>() + l2 / 2 * weights.squaredNorm();
}

void Regularizer::applyProximalStep(Eigen::VectorXd& weights, double step) const {
    switch (kind) {
    case RegularizerKind::None:
        return;
    case RegularizerKind::L2:
    case RegularizerKind::L1:
    case RegularizerKind::Elastic: {
        const double threshold = step * l1;
        const double shrink = 1.0 / (1.0 + step * l2);
        weights = weights.unaryExpr(
            [&](double x) { return std::copysign(std::max(std::abs(x) - threshold, 0.0), x) * shrink; });
        return;
    }
    case RegularizerKind::Ball:
        if (const double norm = weights.norm(); norm > radius)
            weights *= radius / norm;
        return;
    case RegularizerKind::Box:
        weights = weights.cwiseMax(low).cwiseMin(high);
        return;
    }
}

Regularizer parseRegularizer(const std::string& text) {
    const auto colon = text.find(':');
    Regularizer result;
    result.kind = parseName<RegularizerKind>(std::string_view(text).substr(0, colon), "regularizer");
    const auto numbers =
        colon == std::string::npos
            ? std::vector<double>{}
            : parseFiniteList(std::string_view(text).substr(colon + 1)).value_or(std::vector<double>{});
    const auto require = [&](bool holds, const char* wanted) {
        if (!holds)
            throw InputError("regularizer: '" + text + "': write " + wanted);
    };
    switch (result.kind) {
    case RegularizerKind::None:
        require(colon == std::string::npos, "none, with nothing after it");
        break;
    case RegularizerKind::L2:
        require(numbers.size() == 1 && numbers[0] >= 0,
                "l2:LAMBDA with a number of at least 0, such as l2:0.1");
        result.l2 = numbers[0];
        break;
    case RegularizerKind::L1:
        require(numbers.size() == 1 && numbers[0] >= 0,
                "l1:LAMBDA with a number of at least 0, such as l1:0.1");
        result.l1 = numbers[0];
        break;
    case RegularizerKind::Elastic:
        require(numbers.size() == 2 && numbers[0] >= 0 && numbers[1] >= 0,
                "elastic:LAMBDA1,LAMBDA2 with numbers of at least 0, such as elastic:0.1,0.1");
        result.l1 = numbers[0];
        result.l2 = numbers[1];
        break;
    case RegularizerKind::Ball:
        require(numbers.size() == 1 && numbers[0] > 0, "ball:R with a radius above 0, such as ball:5");
        result.radius = numbers[0];
        break;
    case RegularizerKind::Box:
        require(numbers.size() == 2 && numbers[0] <= numbers[1],
                "box:LO,HI with LO at most HI, such as box:-1,1");
        result.low = numbers[0];
        result.high = numbers[1];
        break;
    }
    return result;
}

std::string toString(const Regularizer& regularizer) {
    std::string name(nameOf(regularizer.kind));
    switch (regularizer.kind) {
    case RegularizerKind::None:
        return name;
    case RegularizerKind::L2:
        return name + ":" + shortest(regularizer.l2);
    case RegularizerKind::L1:
        return name + ":" + shortest(regularizer.l1);
    case RegularizerKind::Elastic:
        return name + ":" + shortest(regularizer.l1) + "," + shortest(regularizer.l2);
    case RegularizerKind::Ball:
        return name + ":" + shortest(regularizer.radius);
    case RegularizerKind::Box:
        return name + ":" + shortest(regularizer.low) + "," + shortest(regularizer.high);
    }
    throw std::logic_error("unknown regularizer");
}

} // namespace zipml
