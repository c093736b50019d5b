#pragma once
/// How a run of any kind ended: a linear model's, a network's, a reconstruction's.

#include "core/base/names.h"

namespace zipml {

enum class RunStatus { Completed, EarlyStopped, Stopped, Diverged, DeviceLost, BelowOptimum };
template <>
std::span<const Named<RunStatus>> namesOf<RunStatus>();

} // namespace zipml
