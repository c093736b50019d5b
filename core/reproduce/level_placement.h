#pragma once
/// Variance-optimal levels against candidates, greedy merging and uniform levels, on real columns
/// (method.md 5.3 to 5.5).

#include "core/reproduce/experiment.h"

namespace zipml {

std::unique_ptr<Experiment> levelPlacementExperiment();

} // namespace zipml
