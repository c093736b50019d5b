#pragma once
/// What least squares and the least-squares SVM share: they differ in their labels alone.

#include "core/loss/loss_row.h"

namespace zipml {

inline double squaredResidual(double score, double label, double /*weight*/) {
    return (score - label) * (score - label);
}
inline double residual(double score, double label, double /*weight*/) {
    return score - label;
}
inline void toResiduals(const ClassWeights& /*weights*/, std::span<const float> labels,
                        std::span<float> scores) {
    for (std::size_t i = 0; i < scores.size(); ++i)
        scores[i] -= labels[i];
}
inline double constantCurvature(double /*score*/, double /*label*/, double /*weight*/) {
    return 1;
}
constexpr std::string_view kSquaresForm = "mean squared error: mean((a.x - b)^2)";

} // namespace zipml
