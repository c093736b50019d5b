#pragma once
/// A reproduce worker runs published experiments in the background. It outlives the gallery that starts them:
/// full settings take an hour.

#include "core/reproduce/reproduce.h"
#include "ui/report/reproduce_report.h"
#include "ui/widgets/background_job.h"

#include <QObject>

namespace zipml::ui {

class ReproduceWorker : public QObject {
    Q_OBJECT
  public:
    explicit ReproduceWorker(QObject* parent = nullptr, std::function<Experiments()> make = allExperiments);

    /// Empty until listed(): reading them takes longer than a frame.
    [[nodiscard]] const Experiments& experiments() const { return experiments_; }
    /// Runs and writes the report; progressed() and ended() follow. Not before listed(), not while active.
    /// @param name of an experiment, or "all" @param options `out` is made where it is missing
    void start(const std::string& name, const ReproduceOptions& options);
    /// ended() follows; the same start goes on from there.
    void stop() { job_.stop(); }
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
    struct News : JobNews {
        std::optional<Experiments> found;
        double secondsLeft = 0;
        std::optional<ReproduceResult> made;
    };
    void receive(News news);
    void beginReport();
    void write();
    void endStopped();
    void end(const QString& ending, bool failed);

    Experiments experiments_; ///< the job reads them only once they are listed
    bool active_ = false, failed_ = false;
    Progress progress_;
    QString ending_;
    std::optional<ReproduceResult> result_, made_; ///< of the last one; of this one
    std::unique_ptr<ReproduceReport> report_;      ///< while it is written
    QTimer writing_;                               ///< a figure each time
    BackgroundJob<News> job_;                      // last: it uses the others
};

} // namespace zipml::ui
