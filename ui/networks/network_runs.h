#pragma once
/// The page's runs: one trains at a time, others wait for their turn; a run that was stopped goes on from its
/// checkpoint, also the next time that the program is started.

#include "ui/networks/kept_networks.h"
#include "ui/networks/loss_trace.h"
#include "ui/networks/network_worker.h"
#include "ui/runs/run_list.h"

#include <QElapsedTimer>

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
    /// Reads the runs that can go on in the background. @param folder keeps them; empty: nothing lasts
    explicit NetworkRuns(const QString& folder = {}, QObject* parent = nullptr);
    ~NetworkRuns() override;

    [[nodiscard]] int size() const { return static_cast<int>(runs_.size()); }
    [[nodiscard]] const NetworkRun& at(int row) const { return runs_[static_cast<std::size_t>(row)]->run; }
    /// Its row; -1: there is none.
    [[nodiscard]] int rowOf(int id) const;
    [[nodiscard]] bool anyActive() const;
    /// Whether it was stopped and left a checkpoint.
    [[nodiscard]] bool canGoOn(int row) const;
    /// Whether it can go on after this has gone.
    [[nodiscard]] bool lasting() const { return kept_.lasting(); }

    /// Starts it, or lets it wait until those before it have ended. @return its row
    int start(const deep::DeepSpec& spec);
    void goOn(const QList<int>& rows);
    void pauseOrResume(const QList<int>& rows);
    void stop(const QList<int>& rows);
    /// What is removed is kept, so that it can be put back: what trained is stopped, and goes on from its
    /// checkpoint when it comes back. @return ids
    QList<int> remove(const QList<int>& rows);
    /// The same by id; those that are not there are left out.
    void takeOut(const QList<int>& ids);
    /// As they were, in their places. @param ids of removed runs; others are left out
    void putBack(const QList<int>& ids);
    /// Removed runs that nobody will put back.
    void forget(const QList<int>& ids);
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
        bool resumes = false; ///< of a removed run: it was under way, and goes on when it comes back
    };
    Entry& entry(int row) { return *runs_[static_cast<std::size_t>(row)]; }
    [[nodiscard]] QString freeNameFor(const QString& wanted) const;
    /// Runs of earlier sessions.
    struct KeptNews : JobNews {
        std::vector<NetworkRun> runs;
        QStringList problems;
    };
    void readKept();
    void insert(NetworkRun run);
    void startQueued();
    void poll();
    void apply(int row, NetworkNews news);
    void pollRemoved();
    void take(Entry& entry, NetworkNews& news);
    void finish(Entry& entry, const NetworkNews& news);
    [[nodiscard]] std::vector<std::unique_ptr<Entry>>::iterator placeOf(int id);

    ImageStore store_; ///< before the workers, which use it
    KeptNetworks kept_;
    std::vector<std::unique_ptr<Entry>> runs_;
    std::vector<std::unique_ptr<Entry>> removed_; ///< until they are put back or forgotten
    /// Forgotten runs until their workers have noticed the stop: the GUI thread never waits for them.
    std::vector<std::unique_ptr<Entry>> leaving_;
    QTimer timer_;
    int nextId_ = 0;
    BackgroundJob<KeptNews> reader_{JobPriority::Normal}; // last: it uses the others
};

} // namespace zipml::ui
