#pragma once
/// A barrier for threads that meet every few microseconds: it spins, since going to sleep would take longer.

#include <atomic>
#include <thread>

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
            return;
        }
        for (int spins = 0; round_.load(std::memory_order_acquire) == round; ++spins)
            if (spins > kSpins) // somebody has no processor: give him this one
                std::this_thread::yield();
    }

  private:
    static constexpr int kSpins = 20'000;
    const int threads_;
    std::atomic<int> arrived_{0};
    std::atomic<unsigned> round_{0};
};

} // namespace zipml
