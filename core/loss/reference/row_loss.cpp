#include "core/loss/reference/row_loss.h"

#include <algorithm>

namespace zipml::reference {

RowLoss::RowLoss(const Loss& loss, std::span<const float> labels) : loss_(loss), labels_(labels) {
    if (isHinge())
        multipliers_.assign(labels.size(), 0.0);
}

double RowLoss::exact(std::size_t row, double score) const {
    return loss_.value(score, label(row)) / loss_.reportedFactor();
}

double RowLoss::value(std::size_t row, double score) const {
    if (!isHinge())
        return exact(row, score);
    const double v = shifted(row, score);
    const double p = multipliers_[row];
    const double rise = v <= 0 ? 0 : v < width_ ? v * v / (2 * width_) : v - width_ / 2;
    return loss_.weightOf(label(row)) * (rise - width_ * p * p / 2);
}

double RowLoss::slope(std::size_t row, double score) const {
    if (!isHinge())
        return loss_.slope(score, label(row));
    return -loss_.weightOf(label(row)) * label(row) * std::clamp(shifted(row, score) / width_, 0.0, 1.0);
}

double RowLoss::curvature(std::size_t row, double score) const {
    const double weight = loss_.weightOf(label(row));
    if (!isHinge())
        return rowOf(loss_.kind).curvature(score, label(row), weight);
    const double v = shifted(row, score);
    return v > 0 && v < width_ ? weight / width_ : 0;
}

double RowLoss::dual(std::size_t row, double score) const {
    return isHinge() ? -loss_.weightOf(label(row)) * label(row) * multipliers_[row]
                     : loss_.slope(score, label(row));
}

double RowLoss::dualityGap(std::size_t row, double score) const {
    if (!isHinge())
        return 0; // the dual variable is the slope
    const double missing = 1 - label(row) * score;
    return loss_.weightOf(label(row)) * (std::max(0.0, missing) - multipliers_[row] * missing);
}

double RowLoss::dualCurvature(std::size_t row, double score) const {
    return isHinge() ? width_ * curvature(row, score) : curvature(row, score);
}

void RowLoss::updateMultipliers(const std::vector<double>& scores, double width) {
    for (std::size_t row = 0; row < scores.size(); ++row)
        multipliers_[row] = std::clamp(shifted(row, scores[row]) / width_, 0.0, 1.0);
    width_ = width;
}

} // namespace zipml::reference
