#pragma once
/// The loss of a run's minibatches, averaged over stretches of equal length that grow with the run: the first
/// minibatches are seen at once, and a long run needs no more room than a short one.

#include <QVector>

namespace zipml::ui {

class LossTrace {
  public:
    /// @param iteration from 1, in order
    void add(int iteration, double loss);
    /// What came later is computed anew by a run that goes on.
    void forgetAfter(int iteration);

    /// The end of each stretch so far; the last one may be under way.
    [[nodiscard]] const QVector<double>& iterations() const { return ends_; }
    [[nodiscard]] const QVector<double>& losses() const { return means_; }

  private:
    void joinPairs();

    int width_ = 1, counted_ = 0; ///< minibatches a stretch; in the last one so far
    QVector<double> ends_, means_;
};

} // namespace zipml::ui
