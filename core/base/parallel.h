#pragma once
/// Deterministic data parallelism: work is cut into chunks that do not depend on the number of threads, and
/// results are combined in chunk order, so any number of threads gives the same bits.

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace zipml {

/// A fixed set of threads that work through chunks together. One caller at a time.
class ThreadTeam {
  public:
    /// @param threads 0: one a core; fewer where the system refuses more (start_thread.h).
    explicit ThreadTeam(int threads = 0);
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    [[nodiscard]] int threads() const { return static_cast<int>(workers_.size()) + 1; }
    /// Calls work(chunk) for every chunk in [0, chunks), each once, on any thread; returns when all are done.
    /// The first exception that a chunk throws is rethrown here, and chunks not yet begun are skipped.
    void forEachChunk(std::size_t chunks, const std::function<void(std::size_t)>& work);

  private:
    void workerLoop();
    void drain();

    std::vector<std::thread> workers_;
    std::mutex mutex_;
    std::condition_variable wake_, done_;
    const std::function<void(std::size_t)>* work_ = nullptr;
    std::size_t next_ = 0, chunks_ = 0, busy_ = 0, generation_ = 0;
    std::exception_ptr failure_;
    bool quit_ = false;
};

} // namespace zipml
