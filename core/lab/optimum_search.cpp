#include "core/lab/optimum_search.h"

#include "core/base/start_thread.h"
#include "core/base/thread_priority.h"

#include <chrono>

namespace zipml {

OptimumSearch::~OptimumSearch() {
    stop_.request_stop();
    if (thread_.joinable())
        thread_.join();
}

OptimumSearch::Wish::Wish(OptimumSearch& search, int threads) : search_(search) {
    const std::lock_guard lock(search_.mutex_);
    ++search_.wishes_;
    if (threads > 1 && search_.state_ == State::Idle)
        search_.begin(threads);
}

OptimumSearch::Wish::~Wish() {
    const std::lock_guard lock(search_.mutex_);
    if (--search_.wishes_ == 0)
        search_.stop_.request_stop();
}

/// The mutex is held.
void OptimumSearch::begin(int threads) {
    if (thread_.joinable())
        thread_.join(); // of a search that was given up: it has only to return
    state_ = State::Running;
    stop_ = {};
    thread_ = startThread([this, threads, job = Job{stop_.get_token(), {}}] {
        yieldToOthers();
        std::optional<FoundOptimum> found;
        try {
            ThreadTeam team(threads);
            found = find_(team, job);
        } catch (...) { // given up; any other failure comes again where the result is waited for
        }
        const std::lock_guard lock(mutex_);
        state_ = found ? State::Found : State::Idle;
        if (found)
            found_ = std::move(*found);
        changed_.notify_all();
    });
    if (!thread_.joinable())
        state_ = State::Idle; // whoever waits for it finds it
}

const FoundOptimum* OptimumSearch::known() const {
    const std::lock_guard lock(mutex_);
    return state_ == State::Found ? &found_ : nullptr;
}

const FoundOptimum& OptimumSearch::await(ThreadTeam& team, const Job& job) {
    constexpr std::chrono::milliseconds kNoticesAStop{20};
    std::unique_lock lock(mutex_);
    while (state_ == State::Running) {
        changed_.wait_for(lock, kNoticesAStop);
        job.checkpoint();
    }
    if (state_ == State::Found)
        return found_;
    state_ = State::Running;
    lock.unlock();
    std::optional<FoundOptimum> found;
    std::exception_ptr failure;
    try {
        found = find_(team, job);
    } catch (...) {
        failure = std::current_exception();
    }
    lock.lock();
    state_ = found ? State::Found : State::Idle;
    if (found)
        found_ = std::move(*found);
    changed_.notify_all();
    if (failure)
        std::rethrow_exception(failure);
    return found_;
}

} // namespace zipml
