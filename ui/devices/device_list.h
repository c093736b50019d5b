#pragma once
/// The list of devices knows those of all sources, their state, and the commands on them.

#include "core/bench/device_report.h"
#include "ui/widgets/background_job.h"

#include <QDate>
#include <QObject>

#include <filesystem>
#include <memory>

namespace zipml::ui {

enum class DeviceState { Idle, Queued, Measuring, Failed };

/// A device as the screen shows it.
struct DeviceView {
    DeviceReport report;
    DeviceState state = DeviceState::Idle;
    double share = 0; ///< while measuring, 0 to 1
    QString phase;
    QString message; ///< why it failed
    QDate measured;  ///< invalid: never
    std::shared_ptr<DeviceSource> source;

    [[nodiscard]] bool active() const {
        return state == DeviceState::Queued || state == DeviceState::Measuring;
    }
};

/// One device at a time is measured: two would disturb each other.
class DeviceList : public QObject {
    Q_OBJECT
  public:
    /// Lists in the background. @param file what is remembered of earlier sessions
    DeviceList(DeviceSources sources, std::filesystem::path file, QObject* parent = nullptr);

    [[nodiscard]] int size() const { return static_cast<int>(devices_.size()); }
    /// Boards that are predicted come last.
    [[nodiscard]] const DeviceView& at(int row) const { return devices_[static_cast<std::size_t>(row)]; }
    [[nodiscard]] bool listing() const { return listing_; }
    [[nodiscard]] bool anyActive() const { return activeRow() >= 0; }
    /// The one that is measured, else the first that waits; -1: none.
    [[nodiscard]] int activeRow() const;

    /// Where there may be others than before. Not while devices are listed or measured.
    void listAgain();
    /// Those that are predicted, waiting or being measured are left out.
    void measure(const QList<int>& rows);
    /// Stops the one that is measured and forgets those that wait; earlier measurements are kept.
    void stop();

  signals:
    void aboutToReset();
    void reset(); ///< all were listed
    void rowChanged(int row);
    void measuringStarted();
    void message(const QString& text, bool bad);

  private:
    [[nodiscard]] bool busy() const { return listing_ || measuring_ >= 0; }
    struct Found;
    struct Measured;
    void startListing();
    void startNext();
    void receive(const JobNews& news);
    void finishListing();
    void finishMeasuring(const JobNews& news);

    DeviceSources sources_;
    std::filesystem::path file_;
    std::vector<DeviceView> devices_;
    bool listing_ = false;
    int measuring_ = -1;           ///< the job's row
    std::shared_ptr<Found> found_; ///< the job's until it has finished, and so is `result_`
    std::shared_ptr<Measured> result_;
    /// At full priority, unlike training: what is measured is what the device can do.
    BackgroundJob<JobNews> job_{JobPriority::Normal};
};

} // namespace zipml::ui
