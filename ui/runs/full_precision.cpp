#include "ui/runs/full_precision.h"

namespace zipml::ui {

std::optional<EpochCost> fullPrecisionCostFor(const RunList& runs, const RunView& run) {
    for (int row = 0; row < runs.size(); ++row) {
        const RunView& other = runs.at(row);
        if (!other.epochs.empty() && isFullPrecisionOf(other.spec, run.spec))
            return epochCostOf(other.epochs);
    }
    return {};
}

} // namespace zipml::ui
