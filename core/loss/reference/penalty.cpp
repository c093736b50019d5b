#include "core/loss/reference/penalty.h"

#include <cmath>
#include <limits>

namespace zipml::reference {

Penalty::Penalty(const ScaledRows& rows, const Regularizer& regularizer, double price) {
    constexpr double kFree = std::numeric_limits<double>::infinity();
    l1 = l2 = Eigen::VectorXd::Zero(rows.size());
    low = Eigen::VectorXd::Constant(rows.size(), -kFree);
    high = -low;
    if (!rows.intercept())
        l2[0] = 1; // nothing depends on it: it stays 0
    for (Eigen::Index i = 1; i < rows.size(); ++i) {
        const double scale = rows.scale()[i - 1]; // weight = scale * parameter
        if (scale == 0) {
            l2[i] = 1;
            continue;
        }
        l1[i] = regularizer.l1 * scale;
        l2[i] = (regularizer.l2 + price) * scale * scale;
        if (regularizer.kind == RegularizerKind::Box) {
            low[i] = regularizer.low / scale;
            high[i] = regularizer.high / scale;
        }
    }
    smooth = regularizer.l1 == 0 && regularizer.kind != RegularizerKind::Box;
}

double Penalty::value(const Eigen::VectorXd& x) const {
    return l1.dot(x.cwiseAbs()) + l2.dot(x.cwiseAbs2()) / 2;
}

double Penalty::slope(const Eigen::VectorXd& x, const Eigen::VectorXd& p) const {
    double sum = l2.cwiseProduct(x).dot(p);
    for (Eigen::Index i = 0; i < x.size(); ++i)
        if (l1[i] > 0)
            sum += l1[i] * (x[i] == 0 ? std::abs(p[i]) : std::copysign(1.0, x[i]) * p[i]);
    return sum;
}

Eigen::VectorXd Penalty::leftGradient(const Eigen::VectorXd& x, const Eigen::VectorXd& gradient) const {
    Eigen::VectorXd left = gradient + l2.cwiseProduct(x);
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        if (l1[i] > 0 && x[i] != 0)
            left[i] += std::copysign(l1[i], x[i]);
        else if (l1[i] > 0)
            left[i] = std::copysign(std::max(std::abs(left[i]) - l1[i], 0.0), left[i]);
        else if ((x[i] <= low[i] && left[i] > 0) || (x[i] >= high[i] && left[i] < 0))
            left[i] = 0;
    }
    return left;
}

} // namespace zipml::reference
