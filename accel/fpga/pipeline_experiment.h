#pragma once
/// The FPGA pipeline's predicted speed against what was published. Nothing of it has run on a board.

#include "core/reproduce/experiment.h"

namespace zipml {

std::unique_ptr<Experiment> fpgaExperiment();

} // namespace zipml
