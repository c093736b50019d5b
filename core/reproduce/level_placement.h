#pragma once
/// Variance-optimal levels against candidates, greedy merging and uniform levels, on real columns
/// (docs/method.md#s5-3 to #s5-5).

#include "core/reproduce/experiment.h"

namespace zipml {

std::unique_ptr<Experiment> levelPlacementExperiment();

} // namespace zipml
