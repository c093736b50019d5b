#pragma once
/// Published experiments in a thread of their own. It outlives the gallery that starts them: full settings
/// take an hour.

#include "core/reproduce/reproduce.h"
#include "ui/report/reproduce_report.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace zipml::ui {

class ReproduceWorker : public QObject {
    Q_OBJECT
  public:
    explicit ReproduceWorker(QObject* parent = nullptr, std::function<Experiments()> make = allExperiments);
    /// Stops what is under way; what is complete is kept.
    ~ReproduceWorker() override;

    /// Empty until listed(): reading them takes longer than a frame.
    [[nodiscard]] const Experiments& experiments() const { return experiments_; }
    /// Runs and writes the report; progressed() and ended() follow. Not before listed(), not while active.
    /// @param name of an experiment, or "all" @param options `out` is made where it is missing
    void start(const std::string& name, const ReproduceOptions& options);
    /// ended() follows; the same start goes on from there.
    void stop();
    [[nodiscard]] bool active() const { return active_; }

    struct Progress {
        double share = 0; ///< 0 to 1
        std::string what; ///< "levels: cadata, run 3 of 51"
        double secondsLeft = 0;
    };
    /// Of what is under way.
    [[nodiscard]] const Progress& progress() const { return progress_; }
    /// How the last one ended, in a line; empty before.
    [[nodiscard]] const QString& ending() const { return ending_; }
    [[nodiscard]] bool failed() const { return failed_; }
    /// What was found, with what its folder had before; empty where it could not be begun.
    [[nodiscard]] const std::optional<ReproduceResult>& result() const { return result_; }

  signals:
    void listed();
    void progressed();
    void ended();

  private:
    void work(const std::string& name, const ReproduceOptions& options);
    void poll();
    void write();
    void end(const QString& ending, bool failed);

    QTimer timer_;
    Experiments experiments_; ///< the thread reads them only once they are listed
    bool active_ = false, failed_ = false;
    Progress progress_;
    QString ending_;
    std::optional<ReproduceResult> result_;
    std::unique_ptr<ReproduceReport> report_; ///< while it is written

    std::mutex mutex_; ///< of what the thread leaves
    std::optional<Experiments> found_;
    Progress reached_;
    bool finished_ = false;
    std::optional<ReproduceResult> made_;
    std::string error_;

    std::unique_ptr<RunControl> control_;
    std::jthread thread_; // last: it uses the others
};

} // namespace zipml::ui
