#include "ui/devices/device_worker.h"

#include <utility>

namespace zipml::ui {

DeviceWorker::DeviceWorker(std::function<void(const Job&)> work) {
    thread_ = std::thread([this, work = std::move(work)] { run(work); });
}

DeviceWorker::~DeviceWorker() {
    stop();
    thread_.join();
}

DeviceNews DeviceWorker::takeNews() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
}

/// At full priority, unlike training: what is measured is what the device can do.
void DeviceWorker::run(const std::function<void(const Job&)>& work) {
    const Job job{stop_.get_token(), [this](double share, std::string_view what) {
                      const std::lock_guard lock(mutex_);
                      news_.share = share;
                      news_.phase = QString::fromUtf8(what.data(), static_cast<qsizetype>(what.size()));
                  }};
    QString error;
    bool stopped = false;
    try {
        work(job);
    } catch (const Cancelled&) {
        stopped = true;
    } catch (const std::bad_alloc&) {
        error = "does not fit into memory";
    } catch (const std::exception& failure) {
        error = QString::fromUtf8(failure.what());
    }
    const std::lock_guard lock(mutex_);
    news_.finished = true;
    news_.stopped = stopped;
    news_.error = error;
}

} // namespace zipml::ui
