#pragma once
/// A barrier for threads that meet every few microseconds: it spins, since going to sleep would take longer;
/// but not for long, since whoever it waits for may need this processor.

#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

namespace zipml {

class SpinBarrier {
  public:
    explicit SpinBarrier(int threads) : threads_(threads) {}

    /// Returns once all threads have called it. What each wrote before is then seen by all.
    /// @throws what a thread failed with that will not come
    void wait() {
        if (threads_ == 1)
            return;
        const unsigned round = round_.load(std::memory_order_acquire);
        meet(); // behind the load: whoever breaks the barrier after it changes the round
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
            arrived_.store(0, std::memory_order_relaxed);
            round_.store(round + 1, std::memory_order_release);
            round_.notify_all();
            return;
        }
        for (int spins = 0; spins < kSpins; ++spins) {
            if (round_.load(std::memory_order_acquire) != round)
                return meet();
            pause();
        }
        round_.wait(round, std::memory_order_acquire);
        meet();
    }

    /// What a thread does between meetings; where it throws, the others do at theirs, now and from now on, since
    /// they would wait for ever.
    template <class Work>
    void guard(Work&& work) {
        try {
            work();
        } catch (...) {
            breakDown(std::current_exception());
            throw;
        }
    }

  private:
    void meet() const {
        if (broken_.load(std::memory_order_acquire))
            std::rethrow_exception(failure_);
    }
    void breakDown(std::exception_ptr failure) {
        const std::lock_guard lock(mutex_);
        if (broken_.load(std::memory_order_relaxed))
            return;
        failure_ = std::move(failure);
        broken_.store(true, std::memory_order_release);
        round_.fetch_add(1, std::memory_order_release);
        round_.notify_all();
    }

    static void pause() {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }

    static constexpr int kSpins = 2000; ///< some tens of microseconds
    const int threads_;
    std::atomic<int> arrived_{0};
    std::atomic<unsigned> round_{0};
    std::atomic<bool> broken_{false};
    std::mutex mutex_;           ///< of who breaks it
    std::exception_ptr failure_; ///< set before broken_
};

} // namespace zipml
