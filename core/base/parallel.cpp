#include "core/base/parallel.h"

#include "core/base/start_thread.h"

#include <algorithm>

namespace zipml {

ThreadTeam::ThreadTeam(int threads) {
    const unsigned wanted =
        threads > 0 ? static_cast<unsigned>(threads) : std::thread::hardware_concurrency();
    workers_.reserve(std::max(wanted, 1U) - 1); // nothing throws once a worker waits
    for (unsigned i = 1; i < wanted; ++i) {
        std::thread worker = startThread([this] { workerLoop(); });
        if (!worker.joinable())
            break;
        workers_.push_back(std::move(worker));
    }
}

ThreadTeam::~ThreadTeam() {
    {
        const std::lock_guard lock(mutex_);
        quit_ = true;
    }
    wake_.notify_all();
    for (auto& worker : workers_)
        worker.join();
}

void ThreadTeam::forEachChunk(std::size_t chunks, const std::function<void(std::size_t)>& work) {
    if (workers_.empty() || chunks <= 1) {
        for (std::size_t chunk = 0; chunk < chunks; ++chunk)
            work(chunk);
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        work_ = &work;
        next_ = 0;
        chunks_ = chunks;
        failure_ = nullptr;
        ++generation_;
    }
    wake_.notify_all();
    drain();
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
    work_ = nullptr;
    if (failure_)
        std::rethrow_exception(failure_);
}

void ThreadTeam::workerLoop() {
    std::size_t seen = 0;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return quit_ || generation_ != seen; });
            if (quit_)
                return;
            seen = generation_;
        }
        drain();
    }
}

void ThreadTeam::drain() {
    std::unique_lock lock(mutex_);
    while (work_ != nullptr && next_ < chunks_) {
        const std::size_t chunk = next_++;
        const auto* work = work_;
        ++busy_;
        lock.unlock();
        std::exception_ptr failure;
        try {
            (*work)(chunk);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        --busy_;
        if (failure) {
            failure_ = failure_ ? failure_ : failure;
            next_ = chunks_;
        }
    }
    if (busy_ == 0)
        done_.notify_all();
}

} // namespace zipml
