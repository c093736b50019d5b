#pragma once
/// Listing or measuring in a thread of its own, with a mailbox that the GUI empties when it likes.

#include "core/bench/device_report.h"

#include <QString>

#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace zipml::ui {

/// What happened since the mailbox was last emptied.
struct DeviceNews {
    std::optional<double> share; ///< done, 0 to 1
    QString phase;
    bool finished = false;
    QString error; ///< when it failed
    bool stopped = false;
};

class DeviceWorker {
  public:
    /// Starts at once. @param work its results are its own business; reads them after `finished`
    explicit DeviceWorker(std::function<void(const Job&)> work);
    /// Stops the work and waits for it.
    ~DeviceWorker();
    DeviceWorker(const DeviceWorker&) = delete;
    DeviceWorker& operator=(const DeviceWorker&) = delete;

    void stop() { stop_.request_stop(); }
    [[nodiscard]] DeviceNews takeNews();

  private:
    void run(const std::function<void(const Job&)>& work);

    std::stop_source stop_;
    std::mutex mutex_;
    DeviceNews news_;
    std::thread thread_;
};

} // namespace zipml::ui
