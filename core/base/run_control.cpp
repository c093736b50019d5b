#include "core/base/run_control.h"

#include <chrono>
#include <utility>

namespace zipml {

void RunControl::pause() {
    const std::lock_guard lock(mutex_);
    paused_ = true;
    stepping_ = batchAllowed_ = false;
}

void RunControl::resume() {
    {
        const std::lock_guard lock(mutex_);
        paused_ = stepping_ = batchAllowed_ = false;
    }
    wake_.notify_all();
}

void RunControl::stepEpoch() {
    {
        const std::lock_guard lock(mutex_);
        paused_ = batchAllowed_ = false;
        stepping_ = true;
    }
    wake_.notify_all();
}

void RunControl::stepBatch() {
    {
        const std::lock_guard lock(mutex_);
        paused_ = batchAllowed_ = true;
        stepping_ = false;
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

bool RunControl::wait(std::unique_lock<std::mutex>& lock) {
    const auto ready = [this] { return !paused_ || batchAllowed_ || stopSource_.stop_requested(); };
    if (!ready()) {
        const auto since = std::chrono::steady_clock::now();
        wake_.wait(lock, ready);
        secondsWaited_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
    }
    return !stopSource_.stop_requested();
}

bool RunControl::waitIfPaused() {
    std::unique_lock lock(mutex_);
    return wait(lock);
}

std::size_t RunControl::admitBatches(std::size_t wanted) {
    std::unique_lock lock(mutex_);
    if (!wait(lock))
        return 0;
    const bool stepped = std::exchange(batchAllowed_, false);
    steppedBatch_ = stepped;
    return stepped ? 1 : wanted;
}

void RunControl::epochFinished() {
    const std::lock_guard lock(mutex_);
    if (stepping_) {
        stepping_ = false;
        paused_ = true;
    }
}

} // namespace zipml
