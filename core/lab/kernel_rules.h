#pragma once
/// What the rules ask of the kernels on packed codes.

#include "core/lab/rules.h"
#include "core/solve/packed/kernel_task.h"

namespace zipml {

/// The run's task as far as it is known, in the arithmetic that it takes; of a store, with its levels. The
/// situation outlives it.
KernelTask kernelTaskOf(const Situation& at);
/// The same in another arithmetic.
KernelTask kernelTaskIn(Arithmetic arithmetic, const Situation& at);

} // namespace zipml
