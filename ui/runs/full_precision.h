#pragma once
/// What the bits of a run are held against: a run in full precision on the same data.

#include "core/compare/run_facts.h"
#include "ui/runs/run_list.h"

namespace zipml::ui {

/// What an epoch takes in the first run of the list that is in full precision on the run's own data, loss,
/// batch and processor (isFullPrecisionOf), which may be the run itself. Nothing where there is none, or none
/// that has an epoch.
std::optional<EpochCost> fullPrecisionCostFor(const RunList& runs, const RunView& run);

} // namespace zipml::ui
