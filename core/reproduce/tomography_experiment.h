#pragma once
/// Reconstruction from rays at a few bits (docs/method.md#s15).

#include "core/reproduce/experiment.h"

namespace zipml {

std::unique_ptr<Experiment> tomographyExperiment();

} // namespace zipml
