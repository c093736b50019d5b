#pragma once
/// The page's runs: one trains at a time, others wait for their turn; a run that was stopped goes on from its
/// checkpoint.

#include "ui/networks/loss_trace.h"
#include "ui/networks/network_worker.h"
#include "ui/training/run_list.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

namespace zipml::ui {

/// A run as the screen shows it.
struct NetworkRun {
    int id = 0; ///< stays the same while rows come and go; decides the colour
    QString name;
    deep::DeepSpec spec;
    RunState state = RunState::Queued;
    bool visible = true;
    double share = 0; ///< done, 0 to 1
    QString phase;    ///< "reading images", "training", "evaluating"
    QString message;  ///< why it failed or diverged, and what to do
    std::optional<deep::DeepSetup> setup;
    int iteration = 0;
    LossTrace loss;
    std::vector<deep::DeepEpoch> epochs;
    std::shared_ptr<const NetworkSnapshot> snapshot; ///< of the newest evaluation
    std::optional<double> secondsLeft;               ///< while it trains

    [[nodiscard]] bool active() const {
        return state == RunState::Queued || state == RunState::Running || state == RunState::Paused;
    }
};

class NetworkRuns : public QObject {
    Q_OBJECT
  public:
    explicit NetworkRuns(QObject* parent = nullptr);
    ~NetworkRuns() override;

    [[nodiscard]] int size() const { return static_cast<int>(runs_.size()); }
    [[nodiscard]] const NetworkRun& at(int row) const { return runs_[static_cast<std::size_t>(row)]->run; }
    /// Its row; -1: there is none.
    [[nodiscard]] int rowOf(int id) const;
    [[nodiscard]] bool anyActive() const;
    /// Whether it was stopped and left a checkpoint.
    [[nodiscard]] bool canGoOn(int row) const;

    /// Starts it, or lets it wait until those before it have ended. @return its row
    int start(const deep::DeepSpec& spec);
    void goOn(const QList<int>& rows);
    void pauseOrResume(const QList<int>& rows);
    void stop(const QList<int>& rows);
    void remove(QList<int> rows);
    void rename(int row, const QString& name);
    void setVisible(int row, bool visible);

  signals:
    void aboutToReset();
    void reset(); ///< rows were added or removed
    void rowChanged(int row);
    void curvesChanged();
    void snapshotChanged(int row);
    void message(const QString& text, bool bad);

  private:
    struct Entry {
        NetworkRun run;
        std::unique_ptr<NetworkWorker> worker;
        QElapsedTimer since; ///< it trains, or was paused last
        int iterationThen = 0;
    };
    Entry& entry(int row) { return *runs_[static_cast<std::size_t>(row)]; }
    [[nodiscard]] QString freeName(const QString& wanted) const;
    [[nodiscard]] std::filesystem::path checkpointOf(int id) const;
    void startQueued();
    void poll();
    void apply(int row, NetworkNews news);
    void finish(Entry& entry, const NetworkNews& news);

    ImageStore store_; ///< before the workers, which use it
    QTemporaryDir checkpoints_;
    std::vector<std::unique_ptr<Entry>> runs_;
    /// Workers of removed runs until they have noticed the stop: the GUI thread never waits for them.
    std::vector<std::unique_ptr<NetworkWorker>> leaving_;
    QTimer timer_;
    int nextId_ = 0;
};

} // namespace zipml::ui
