#pragma once
/// The minimised loss of each training row as a function of its score, with a second derivative.
///
/// The hinge has none. It is minimised by the method of multipliers (Rockafellar 1976): C max(0, m) of the
/// missing margin m = 1 - b s gives way to its Moreau envelope of width w around the multiplier p in [0, 1],
/// which is quadratic on a stretch of length w; then p becomes the envelope's slope. At the end the slopes
/// are a solution of the dual problem, at a width that need not go to 0.

#include "core/loss/loss.h"

#include <vector>

namespace zipml::reference {

class RowLoss {
  public:
    /// @param labels outlive this
    RowLoss(const Loss& loss, std::span<const float> labels);

    [[nodiscard]] bool isHinge() const { return rowOf(loss_.kind).curvature == nullptr; }
    [[nodiscard]] bool isQuadratic() const { return loss_.isQuadratic(); }
    [[nodiscard]] bool isPiecewise() const { return rowOf(loss_.kind).piecewise; }
    /// Of the margins that rows need, where the loss is 0 from margin 1 on: b * score.
    [[nodiscard]] double margin(std::size_t row, double score) const { return label(row) * score; }

    /// The loss itself.
    [[nodiscard]] double exact(std::size_t row, double score) const;
    /// What Newton's method minimises: the loss, or the hinge's envelope.
    [[nodiscard]] double value(std::size_t row, double score) const;
    [[nodiscard]] double slope(std::size_t row, double score) const;
    [[nodiscard]] double curvature(std::size_t row, double score) const;
    /// A slope that the loss's convex conjugate is finite at: the dual variable. The hinge's multiplier.
    [[nodiscard]] double dual(std::size_t row, double score) const;
    /// loss(score) + conjugate(dual) - score * dual, at least 0: what the row adds to the duality gap.
    [[nodiscard]] double dualityGap(std::size_t row, double score) const;
    /// Of the row, for how far the minimum may be: as curvature(), the hinge as if its width were 1.
    [[nodiscard]] double dualCurvature(std::size_t row, double score) const;

    /// Hinge: takes the envelope's slopes as multipliers; the next envelope has this width.
    void updateMultipliers(const std::vector<double>& scores, double width);
    [[nodiscard]] double width() const { return width_; }

  private:
    [[nodiscard]] double label(std::size_t row) const { return labels_[row]; }
    [[nodiscard]] double shifted(std::size_t row, double score) const {
        return 1 - label(row) * score + width_ * multipliers_[row];
    }

    Loss loss_;
    std::span<const float> labels_;
    double width_ = 2; ///< the zero model's missing margin, 1, is on the stretch
    std::vector<double> multipliers_;
};

} // namespace zipml::reference
