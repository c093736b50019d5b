#include "ui/devices/device_list.h"

#include "ui/devices/device_memory.h"

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 17; // at most 60 updates a second

} // namespace

/// What the job found, for the window once it has finished.
struct DeviceList::Found {
    std::vector<DeviceView> devices;
    QString error;
};

struct DeviceList::Measured {
    DeviceReport report;
    QDate date;
    QString notSaved;
};

DeviceList::DeviceList(DeviceSources sources, std::filesystem::path file, QObject* parent)
    : QObject(parent), sources_(std::move(sources)), file_(std::move(file)) {
    job_.deliver(kPollMilliseconds, [this](const JobNews& news) { receive(news); });
    startListing();
}

void DeviceList::startListing() {
    listing_ = true;
    found_ = std::make_shared<Found>();
    job_.start([found = found_, sources = sources_, file = file_](const Job& job, RunControl&) {
        const auto remembered = readDeviceFile(file);
        for (const auto& source : sources) {
            job.checkpoint();
            try {
                for (auto& report : source->list()) {
                    DeviceView view;
                    view.report = std::move(report);
                    view.source = source;
                    for (const auto& each : remembered)
                        if (!view.report.predicted && sameDevice(each.report, view.report)) {
                            const DeviceReport now = view.report;
                            view.report = each.report;
                            view.report.id = now.id; // its place in the list
                            view.report.capabilities = now.capabilities;
                            view.report.unusable = now.unusable;
                            view.measured = each.measured;
                        }
                    found->devices.push_back(std::move(view));
                }
            } catch (const std::exception& error) { // the other sources' devices still count
                found->error = QString::fromUtf8(error.what());
            }
        }
        std::stable_partition(found->devices.begin(), found->devices.end(),
                              [](const DeviceView& each) { return !each.report.predicted; });
    });
}

void DeviceList::listAgain() {
    if (!busy())
        startListing();
}

int DeviceList::activeRow() const {
    if (measuring_ >= 0)
        return measuring_;
    const auto waiting =
        std::ranges::find_if(devices_, [](const DeviceView& device) { return device.active(); });
    return waiting == devices_.end() ? -1 : static_cast<int>(waiting - devices_.begin());
}

void DeviceList::measure(const QList<int>& rows) {
    for (const int row : rows) {
        auto& device = devices_[static_cast<std::size_t>(row)];
        if (device.active() || device.report.predicted)
            continue;
        device.state = DeviceState::Queued;
        device.share = 0;
        device.phase.clear();
        device.message.clear();
        emit rowChanged(row);
    }
    startNext();
}

void DeviceList::stop() {
    for (int row = 0; row < size(); ++row) {
        auto& device = devices_[static_cast<std::size_t>(row)];
        if (device.state != DeviceState::Queued)
            continue;
        device.state = DeviceState::Idle;
        emit rowChanged(row);
    }
    if (measuring_ >= 0)
        job_.stop();
}

void DeviceList::startNext() {
    const int row = activeRow();
    if (busy() || row < 0)
        return;
    auto& device = devices_[static_cast<std::size_t>(row)];
    device.state = DeviceState::Measuring;
    measuring_ = row;
    result_ = std::make_shared<Measured>();
    job_.start([result = result_, source = device.source, id = device.report.id, file = file_](const Job& job,
                                                                                               RunControl&) {
        result->report = source->measure(id, job);
        result->date = QDate::currentDate();
        try {
            remember({result->report, result->date}, file);
        } catch (const std::exception& error) { // measured all the same
            result->notSaved = QString::fromUtf8(error.what());
        }
    });
    emit rowChanged(row);
    emit measuringStarted();
}

void DeviceList::receive(const JobNews& news) {
    if (measuring_ >= 0 && news.share) {
        auto& device = devices_[static_cast<std::size_t>(measuring_)];
        device.share = *news.share;
        device.phase = news.phase;
        emit rowChanged(measuring_);
    }
    if (!news.finished)
        return;
    if (listing_)
        finishListing();
    else
        finishMeasuring(news);
    startNext();
}

void DeviceList::finishListing() {
    emit aboutToReset();
    listing_ = false;
    devices_ = std::move(found_->devices);
    const QString error = found_->error;
    found_.reset();
    emit reset();
    if (!error.isEmpty())
        emit message(error, true);
}

void DeviceList::finishMeasuring(const JobNews& news) {
    const int row = std::exchange(measuring_, -1);
    auto& device = devices_[static_cast<std::size_t>(row)];
    const auto result = std::move(result_);
    device.state = news.error.isEmpty() ? DeviceState::Idle : DeviceState::Failed;
    device.message = news.error;
    if (news.error.isEmpty() && !news.stopped) {
        device.report = std::move(result->report);
        device.measured = result->date;
    }
    emit rowChanged(row);
    if (!news.error.isEmpty())
        emit message(tr("%1: %2").arg(QString::fromStdString(device.report.id), news.error), true);
    else if (!result->notSaved.isEmpty())
        emit message(result->notSaved, true);
}

} // namespace zipml::ui
