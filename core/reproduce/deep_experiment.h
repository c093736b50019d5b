#pragma once
/// Networks whose weights have few levels (docs/method.md#s6).

#include "core/reproduce/experiment.h"

namespace zipml {

/// Skipped, with the reason, where libtorch or CIFAR-10 is missing.
std::unique_ptr<Experiment> deepExperiment();

} // namespace zipml
