#pragma once
/// What several estimators share: scores, and the gradient at one copy taken as exact.

#include "core/estimate/score_block.h"

#include <algorithm>

namespace zipml {

inline double scoreOf(const SampleView& sample, Eigen::Index copy, const LinearParameters& model) {
    return model.intercept + sample.copy(copy).dot(model.weights);
}

/// Gradient of the loss at q.x + x0, q taken as exact.
template <class Sample>
void addAt(const Sample& q, double label, const GradientMethod& method, const LinearParameters& model,
           LinearParameters& gradient) {
    const double slope = method.loss.slope(model.intercept + q.dot(model.weights), label);
    gradient.intercept += slope;
    gradient.weights += slope * q;
}

/// Of one copy taken as exact; with the exact sample it is exact.
inline void addPlain(const SampleView& sample, double label, const GradientMethod& method,
                     const LinearParameters& model, LinearParameters& gradient) {
    addAt(sample.copy(0), label, method, model, gradient);
}

/// Q1 slope(Q2.x, b), docs/method.md#eq5.
inline void addOneAtTheOther(const SampleView& sample, double label, const GradientMethod& method,
                             const LinearParameters& model, LinearParameters& gradient) {
    const double slope = method.loss.slope(scoreOf(sample, 1, model), label);
    gradient.intercept += slope;
    gradient.weights += slope * sample.copy(0);
}

constexpr CopySet copySet(int copy) {
    return 1U << static_cast<unsigned>(copy);
}
constexpr CopySet firstCopy(int /*copies*/) {
    return copySet(0);
}
constexpr CopySet secondCopy(int /*copies*/) {
    return copySet(1);
}
constexpr CopySet lastCopy(int copies) {
    return copySet(copies - 1);
}
constexpr CopySet allCopies(int copies) {
    return copySet(copies) - 1;
}
constexpr CopySet allButLast(int copies) {
    return allCopies(copies - 1);
}

/// The factors of one copy are the slopes at another, or the same one.
inline void slopesAt(const ScoreBlock& block, std::size_t scored, std::size_t added) {
    const std::span<float> slopes(block.factors[added], block.rows());
    std::copy_n(block.scores[scored], block.rows(), slopes.begin());
    block.method.loss.toSlopes(block.labels, slopes);
}
inline void plainFactors(const ScoreBlock& block) {
    slopesAt(block, 0, 0);
}
inline void factorsOfTheOther(const ScoreBlock& block) {
    slopesAt(block, 1, 0);
}

constexpr ScoreRule kPlainScores{plainFactors, firstCopy, firstCopy};
constexpr ScoreRule kScoresOfTheOther{factorsOfTheOther, secondCopy, firstCopy};

/// Of estimators that subtract the rounding's bias, D o x.
inline std::string linearBiasOnly(const Estimator& self, LossKind loss) {
    if (isQuadratic(loss))
        return {};
    return std::string(self.name) + " subtracts a bias that is linear in the model, and that of the " +
           std::string(nameOf(loss)) + " loss is not; use polynomial, double, naive or nearest";
}

} // namespace zipml
