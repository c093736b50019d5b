#pragma once
/// What this floor brings along, in one list: a kind of device is a line of each table in register.cpp.

#include "core/bench/device_report.h"

namespace zipml {

/// Makes the devices known to runs, and the published experiment that only this floor can repeat. At a
/// program's start, before other threads.
void registerAccel();

/// What the Devices page lists: this CPU and all of these.
DeviceSources deviceSources();

} // namespace zipml
