#pragma once
/// Ctrl-C stops a run cleanly; a second one ends the program at once.

#include "core/base/run_control.h"

namespace zipml::cli {

/// Call once, before other threads start: SIGINT and SIGTERM are then handled by a thread of their own.
void stopOnInterrupt();

/// While it lives, an interrupt stops `control`.
class StopsOnInterrupt {
  public:
    explicit StopsOnInterrupt(RunControl& control);
    ~StopsOnInterrupt();
    StopsOnInterrupt(const StopsOnInterrupt&) = delete;
    StopsOnInterrupt& operator=(const StopsOnInterrupt&) = delete;
};

} // namespace zipml::cli
