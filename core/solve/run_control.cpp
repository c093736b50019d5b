#include "core/solve/run_control.h"

namespace zipml {

void RunControl::pause() {
    const std::lock_guard lock(mutex_);
    paused_ = true;
    stepping_ = false;
}

void RunControl::resume() {
    {
        const std::lock_guard lock(mutex_);
        paused_ = false;
        stepping_ = false;
    }
    wake_.notify_all();
}

void RunControl::stepEpoch() {
    {
        const std::lock_guard lock(mutex_);
        paused_ = false;
        stepping_ = true;
    }
    wake_.notify_all();
}

void RunControl::stop() {
    {
        // Under the lock, so that a solver between its test and its wait cannot miss it.
        const std::lock_guard lock(mutex_);
        stopSource_.request_stop();
    }
    wake_.notify_all();
}

bool RunControl::paused() const {
    const std::lock_guard lock(mutex_);
    return paused_;
}

bool RunControl::waitIfPaused() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !paused_ || stopSource_.stop_requested(); });
    return !stopSource_.stop_requested();
}

void RunControl::epochFinished() {
    const std::lock_guard lock(mutex_);
    if (stepping_) {
        stepping_ = false;
        paused_ = true;
    }
}

} // namespace zipml
