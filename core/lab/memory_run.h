#pragma once
/// Training on data in memory: rounded there, or on a device; one model, or one a class.

#include "core/lab/prepare.h"
#include "core/lab/run_loop.h"

namespace zipml {

/// @param observer its wishes are followed between epochs. The references outlive the result
std::unique_ptr<TrainingSubject> makeMemoryRun(const RunSpec& spec, RunObserver& observer,
                                               RunControl& control, std::shared_ptr<const PreparedData> data);

} // namespace zipml
