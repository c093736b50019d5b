#pragma once
/// What SIGINT (Ctrl-C) and SIGTERM do: they stop the work, which keeps what is complete; after a second, or at a
/// second signal, the program ends as it is. Whatever was kept, the exit code is 128 + the signal.

#include "core/base/run_control.h"

namespace zipml::cli {

/// Call once, before other threads start: both signals are then handled by a thread of their own.
void stopOnInterrupt();

/// 130 after SIGINT, 143 after SIGTERM; 0: neither came.
int interruptedExitCode();

/// While it lives, a signal stops `control`. Where none lives, it ends the program at once.
class StopsOnInterrupt {
  public:
    explicit StopsOnInterrupt(RunControl& control);
    ~StopsOnInterrupt();
    StopsOnInterrupt(const StopsOnInterrupt&) = delete;
    StopsOnInterrupt& operator=(const StopsOnInterrupt&) = delete;

    /// The work is over, and what follows keeps it: from now on a first signal waits for that.
    static void workEnded();
};

} // namespace zipml::cli
