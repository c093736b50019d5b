#pragma once
/// Low precision against float32 on the compute devices of this machine (OpenCL).

#include "core/reproduce/experiment.h"

namespace zipml {

std::unique_ptr<Experiment> deviceExperiment();

} // namespace zipml
