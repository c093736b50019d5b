#include "python/module/watched_run.h"

#include "core/base/json_text.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <nanobind/stl/string.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

namespace zipml::python {
namespace {

/// Brings epochs from the run's thread to the caller's.
class EpochPost final : public RunObserver {
  public:
    explicit EpochPost(bool wanted) : wanted_(wanted) {}

    void onEpoch(const EpochRecord& epoch) override {
        if (!wanted_)
            return;
        std::unique_lock lock(mutex_);
        epochs_.push_back(jsonText(toJson(epoch)));
        changed_.notify_all();
        changed_.wait(lock, [this] { return epochs_.empty() || !wanted_; }); // it may be the last one
    }
    void runEnded() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }

    /// Waits a moment for an epoch. @return whether the run goes on, or epochs are left
    bool await(std::optional<std::string>& epoch) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(20), [this] { return ended_ || !epochs_.empty(); });
        if (!epochs_.empty())
            epoch = epochs_.front();
        return !ended_ || !epochs_.empty();
    }
    /// The epoch that await gave was heard of.
    void taken() {
        const std::lock_guard lock(mutex_);
        epochs_.pop_front();
        changed_.notify_all();
    }
    /// Nobody hears any more.
    void close() {
        const std::lock_guard lock(mutex_);
        wanted_ = false;
        epochs_.clear();
        changed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> epochs_;
    bool wanted_, ended_ = false;
};

} // namespace

RunRecord watchedRun(const std::function<RunRecord(RunObserver&, RunControl&)>& run,
                     const nb::object& callback) {
    RunControl control;
    EpochPost post(!callback.is_none());
    RunRecord record;
    std::exception_ptr failure, raised; // of the run; of Python
    std::thread worker([&] {
        try {
            record = run(post, control);
        } catch (...) {
            failure = std::current_exception();
        }
        post.runEnded();
    });
    for (bool goesOn = true; goesOn;) {
        std::optional<std::string> epoch;
        {
            const nb::gil_scoped_release free;
            goesOn = post.await(epoch);
        }
        if (raised)
            continue;
        try {
            if (PyErr_CheckSignals() != 0)
                nb::raise_python_error();
            if (epoch) {
                if (nb::cast<bool>(callback(*epoch)))
                    control.stop();
                post.taken();
            }
        } catch (...) {
            raised = std::current_exception();
            control.stop();
            post.close();
        }
    }
    {
        const nb::gil_scoped_release free;
        worker.join();
    }
    if (raised)
        std::rethrow_exception(raised);
    if (failure)
        std::rethrow_exception(failure);
    return record;
}

} // namespace zipml::python
