#include "core/lab/polynomial_range.h"

#include "core/solve/sgd.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace zipml {

PolynomialRange::PolynomialRange(const Dataset& train, double interval)
    : train_(train), rows_(std::min<std::size_t>(train.rows, 2000)), wanted_(interval / 2) {
    const double largest =
        largestEigenvalue(rows_, train.features, false, [&](std::size_t row) { return train.row(row); });
    if (largest > 0)
        leastNorm_ = wanted_ / std::sqrt(largest);
}

double PolynomialRange::mostNorm(const LinearParameters& model) const {
    double squares = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
        const Eigen::Map<const Eigen::VectorXf> a(train_.row(row).data(), model.weights.size());
        const double score = a.cast<double>().dot(model.weights);
        squares += score * score;
    }
    const double spread = std::sqrt(squares / static_cast<double>(rows_));
    return std::max(leastNorm_, spread > 0 ? model.weights.norm() * wanted_ / spread : 0.0);
}

std::string scoresOutsideNote(const SlopePolynomial& polynomial, double share) {
    constexpr double kMany = 0.01;
    if (!(share > kMany))
        return {};
    char text[256];
    std::snprintf(text, sizeof text,
                  "%.3g%% of the training scores leave the polynomial's interval, [-%.4g, %.4g], outside of "
                  "which degree %d runs away from the loss's slope; use a larger interval (%.4g), more "
                  "regularization or a ball",
                  100 * share, polynomial.interval, polynomial.interval, polynomial.degree(),
                  2 * polynomial.interval);
    return text;
}

} // namespace zipml
