#pragma once
/// Networks whose weights have few levels (method.md 6).

#include "core/reproduce/experiment.h"

namespace zipml {

/// Skipped, with the reason, where libtorch or CIFAR-10 is missing.
std::unique_ptr<Experiment> deepExperiment();

} // namespace zipml
