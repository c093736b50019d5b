#pragma once
/// A barrier for threads that meet every few microseconds: it spins, since going to sleep would take longer;
/// but not for long, since whoever it waits for may need this processor.

#include <atomic>

namespace zipml {

class SpinBarrier {
  public:
    explicit SpinBarrier(int threads) : threads_(threads) {}

    /// Returns once all threads have called it. What each wrote before is then seen by all.
    void wait() {
        if (threads_ == 1)
            return;
        const unsigned round = round_.load(std::memory_order_relaxed);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
            arrived_.store(0, std::memory_order_relaxed);
            round_.store(round + 1, std::memory_order_release);
            round_.notify_all();
            return;
        }
        for (int spins = 0; spins < kSpins; ++spins) {
            if (round_.load(std::memory_order_acquire) != round)
                return;
            pause();
        }
        round_.wait(round, std::memory_order_acquire);
    }

  private:
    static void pause() {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }

    static constexpr int kSpins = 2000; ///< some tens of microseconds
    const int threads_;
    std::atomic<int> arrived_{0};
    std::atomic<unsigned> round_{0};
};

} // namespace zipml
