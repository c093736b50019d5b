#pragma once
/// All runs of the page: their state, their workers, and the commands on them.

#include "ui/runs/run_colors.h"
#include "ui/runs/run_view.h"

#include <QList>
#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace zipml::ui {

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

    [[nodiscard]] QList<int> ids() const;
    /// -1: it is not there.
    [[nodiscard]] int rowOf(int id) const;

    /// Adds a run and starts it, or queues it while kAtOnce others run. @return its row
    int start(const RunSpec& spec, const RunOrigin& origin = {});
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
    /// Other roundings of the samples from the next epoch on.
    void setRounding(const QList<int>& rows, const RoundingWish& wish);
    void stop(const QList<int>& rows);
    /// What is removed is kept, so that it can be put back. A run that trains is paused and may go on when it
    /// comes back soon; after a minute, or once another is started, it is stopped to free what it holds.
    void remove(const QList<int>& rows);
    void clear();
    /// As remove, but nobody is told of it: whoever calls knows. @param ids those that are not there are left
    /// out
    void takeOut(const QList<int>& ids);
    /// Each in its row, as it was. @param ids of removed runs; others are left out
    void putBack(const QList<int>& ids);
    /// Removed runs that nobody will put back.
    void forget(const QList<int>& ids);
    /// Replaces all by runs of another time; none of them goes on.
    /// @return what was added to their ids, where others have or had those
    int restore(std::vector<RunView> views);
    /// Adds runs of another time behind the others; none of them goes on. Their ids are new, and so are names
    /// that are taken.
    void add(std::vector<RunView> views);
    void rename(int row, const QString& name);
    void setVisible(int row, bool visible);
    /// Shows those of these runs that were put away, or where none was all of them, and puts the others away.
    void showOnly(const std::function<bool(const RunOrigin& origin)>& these);
    /// By id.
    [[nodiscard]] std::map<int, RunTick> ticks() const;
    /// Of runs that are there.
    void setTicks(const std::map<int, RunTick>& ticks);
    /// Ticks these and no others. @param rows of the list
    void tickOnly(const QList<int>& rows);

    /// Where runs keep their data, for others that look at it.
    [[nodiscard]] std::shared_ptr<PreparedDataCache> cache() const { return cache_; }

    static constexpr int kAtOnce = 3; ///< runs that are started at the same time; paused ones do not count

  signals:
    void aboutToReset();
    void reset();                        ///< rows were added or removed
    void removed(const QList<int>& ids); ///< by remove, clear or restore
    void rowChanged(int row);
    void ticksChanged(); ///< of several rows at once, without a rowChanged for each
    void curvesChanged();
    void message(const QString& text, bool bad);

  private:
    struct Entry {
        RunView view;
        std::unique_ptr<RunWorker> worker;
        // Of a removed run:
        int row = 0;          ///< where it was
        bool resumes = false; ///< goes on when it comes back
    };
    using Entries = std::vector<std::unique_ptr<Entry>>;
    [[nodiscard]] bool taken(const QString& name) const;
    [[nodiscard]] QString nameFor(const RunSpec& spec) const;
    void listen();
    void poll();
    [[nodiscard]] bool expectsNews() const;
    void take(Entry& entry, RunNews news);
    void startQueued();
    void rowsChanged();
    void stopRemoved();

    /// Before the workers, which use it.
    std::shared_ptr<PreparedDataCache> cache_ = std::make_shared<PreparedDataCache>();
    Entries runs_;
    Entries removed_; ///< until they are put back or forgotten
    /// Workers of forgotten runs until they have noticed the stop, so that the GUI thread never waits for them.
    std::vector<std::unique_ptr<RunWorker>> leaving_;
    QTimer timer_; ///< runs while there may be news
    QTimer stopRemovedSoon_;
    int quietPolls_ = 0; ///< since there was news
    int nextId_ = 0;
    RunColors colors_;
};

} // namespace zipml::ui
