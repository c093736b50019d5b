#pragma once
/// A loss with its class weights, of a sample's score s = a.x (the intercept's part included) and its label b;
/// core/loss/losses knows each of them. Every gradient is slope(s, b) * a; solvers and estimators ask for the slope.
///
///   least squares, LS-SVM   1/2 (s - b)^2               slope  s - b
///   logistic                C log(1 + exp(-b s))               -C b / (1 + exp(b s))
///   hinge                   C max(0, 1 - b s)                  -C b [b s < 1]         (docs/method.md#s7-2)
///   squared hinge           1/2 C max(0, 1 - b s)^2            -C b max(0, 1 - b s)

#include "core/loss/loss_row.h"

#include <string>

namespace zipml {

/// "2,0.5": the positive class's, the negative class's. @throws InputError.
ClassWeights parseClassWeights(const std::string& text);
std::string toString(const ClassWeights& weights);

struct Loss {
    LossKind kind = LossKind::LeastSquares;
    ClassWeights weights;

    [[nodiscard]] bool isQuadratic() const { return zipml::isQuadratic(kind); }
    [[nodiscard]] double weightOf(double label) const {
        return label > 0 ? weights.positive : weights.negative;
    }
    /// As reported: twice the minimised one for least squares, the minimised one for the others.
    [[nodiscard]] double value(double score, double label) const {
        return rowOf(kind).value(score, label, weightOf(label));
    }
    /// What the reported loss is to the minimised one: 2 or 1.
    [[nodiscard]] double reportedFactor() const { return isQuadratic() ? 2 : 1; }
    /// What a run minimises, mean loss + R, in the units of the reported loss. @param mean the reported loss
    [[nodiscard]] double objective(double mean, double regularizer) const {
        return mean + reportedFactor() * regularizer;
    }
    /// Derivative of the minimised loss by the score.
    [[nodiscard]] double slope(double score, double label) const {
        return rowOf(kind).slope(score, label, weightOf(label));
    }
    /// Scores become slopes, in float32. @param labels as many as scores
    void toSlopes(std::span<const float> labels, std::span<float> scores) const;
    /// The largest second derivative by the score; the hinge has none, and counts as the squared hinge does.
    [[nodiscard]] double largestCurvature() const;
};

} // namespace zipml
