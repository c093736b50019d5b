#pragma once
/// What ends a run before its last epoch: a loss that grows without bound, or one that improves no more.

#include "core/lab/run_record.h"

#include <algorithm>
#include <cmath>

namespace zipml {

class EarlyEnd {
  public:
    static constexpr double kDivergedFactor = 100; ///< a training loss this far above its start has diverged

    /// @param patience epochs without an improvement; 0: any number @param initialLoss the training loss
    /// before the first epoch
    EarlyEnd(int patience, double initialLoss) : patience_(patience), limit_(kDivergedFactor * initialLoss) {}

    [[nodiscard]] bool hasDiverged(const EpochRecord& epoch) const {
        return !(epoch.trainLoss <= limit_); // nor is it a number
    }
    /// Called once an epoch; the test loss counts, where there is one, else the objective.
    bool improvesNoMore(const EpochRecord& epoch) {
        constexpr double kImprovement = 1.0 - 1e-4; ///< what counts as one
        const double monitored = epoch.testLoss.value_or(epoch.minimised());
        epochsSinceBest_ = monitored < best_ * kImprovement ? 0 : epochsSinceBest_ + 1;
        best_ = std::min(best_, monitored);
        return patience_ > 0 && epochsSinceBest_ >= patience_;
    }

  private:
    int patience_, epochsSinceBest_ = 0;
    double limit_, best_ = HUGE_VAL;
};

} // namespace zipml
