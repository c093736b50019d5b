#pragma once
/// All runs of the page: their state, their workers, and the commands on them.

#include "ui/runs/run_worker.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace zipml::ui {

enum class RunState { Queued, Running, Paused, Finished, Stopped, Diverged, Failed };

/// A run as the screen shows it.
struct RunView {
    int id = 0; ///< stays the same while rows come and go; decides the colour
    QString name;
    RunSpec spec;
    RunState state = RunState::Queued;
    bool visible = true;
    double share = 0; ///< done, 0 to 1
    QString phase;    ///< "loading", "training"
    QString message;  ///< why it failed or diverged, and what to do
    std::optional<RunSetup> setup;
    std::optional<EpochRecord> initial;
    std::vector<EpochRecord> epochs;
    std::vector<EpochRecord> steps;  ///< states inside of epochs, after single minibatches
    std::optional<RunRecord> record; ///< once it ended

    /// Whether the device was lost, so that the run can go on on the CPU.
    [[nodiscard]] bool deviceLost() const { return record && record->status == RunStatus::DeviceLost; }
    [[nodiscard]] bool active() const {
        return state == RunState::Queued || state == RunState::Running || state == RunState::Paused;
    }
};

QString titleOf(RunState state);

/// `wanted`, or with "(2)" and so on behind where it is taken: legends tell runs apart by name.
QString freeName(const QString& wanted, const std::function<bool(const QString& name)>& taken);

class RunList : public QObject {
    Q_OBJECT
  public:
    explicit RunList(QObject* parent = nullptr);
    ~RunList() override;

    [[nodiscard]] int size() const { return static_cast<int>(runs_.size()); }
    [[nodiscard]] const RunView& at(int row) const { return runs_[static_cast<std::size_t>(row)]->view; }
    [[nodiscard]] bool anyActive() const;

    /// Adds a run and starts it, or queues it while kAtOnce others run. @return its row
    int start(const RunSpec& spec);
    /// Behind the last complete epoch, in the same row. @param rows others than those that lost their device
    /// are left out
    void goOnOnCpu(const QList<int>& rows);
    void pauseOrResume(const QList<int>& rows);
    /// Another width of the samples from the next epoch on, for runs on stores of any precision. @return how
    /// many follow
    int setBits(const QList<int>& rows, int bits);
    /// One epoch, then pause.
    void step(const QList<int>& rows);
    /// One minibatch, then pause.
    void stepBatch(const QList<int>& rows);
    /// Another estimator from the next epoch on. @return how many follow
    int setEstimator(const QList<int>& rows, EstimatorKind estimator);
    void stop(const QList<int>& rows);
    void remove(QList<int> rows);
    /// Stops and removes all.
    void clear();
    /// Replaces all by runs of another time; none of them goes on.
    void restore(std::vector<RunView> views);
    /// Adds runs of another time behind the others; none of them goes on. Their ids are new, and so are names
    /// that are taken.
    void add(std::vector<RunView> views);
    void rename(int row, const QString& name);
    void setVisible(int row, bool visible);

    /// Where runs keep their data, for others that look at it.
    [[nodiscard]] std::shared_ptr<PreparedDataCache> cache() const { return cache_; }

    static constexpr int kAtOnce = 3; ///< runs that are started at the same time; paused ones do not count

  signals:
    void aboutToReset();
    void reset(); ///< rows were added or removed
    void rowChanged(int row);
    void curvesChanged();
    void message(const QString& text, bool bad);

  private:
    struct Entry {
        RunView view;
        std::unique_ptr<RunWorker> worker;
    };
    [[nodiscard]] QString nameFor(const RunSpec& spec) const;
    void poll();
    void apply(int row, RunNews news);
    void finish(Entry& entry, RunNews news);
    void startQueued();

    /// Before the workers, which use it.
    std::shared_ptr<PreparedDataCache> cache_ = std::make_shared<PreparedDataCache>();
    std::vector<std::unique_ptr<Entry>> runs_;
    /// Workers of removed runs until they have noticed the stop, so that the GUI thread never waits for them.
    std::vector<std::unique_ptr<RunWorker>> leaving_;
    QTimer timer_;
    int nextId_ = 0;
};

} // namespace zipml::ui
