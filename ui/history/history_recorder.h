#pragma once
/// The recorder hands runs to the history once they end: also those that are stopped by being removed, and
/// those that train when the window closes. Runs that were opened, and demonstrations, are none of its own.

#include "ui/history/history_store.h"
#include "ui/runs/run_list.h"

#include <map>
#include <set>

namespace zipml::ui {

class HistoryRecorder : public QObject {
    Q_OBJECT
  public:
    /// Both outlive this.
    HistoryRecorder(const RunList& runs, HistoryStore& store, QObject* parent = nullptr);
    /// Those that still train are kept as far as they came.
    ~HistoryRecorder() override;

    /// Runs that `start` starts are left out.
    void leaveOut(const std::function<void()>& start);

  private:
    void look(int row);
    void lookAtAll();
    void remember();

    const RunList& runs_;
    HistoryStore& store_;
    std::set<int> active_;                 ///< ids of runs that have not ended
    std::set<int> leftOut_;                ///< of demonstrations
    std::map<int, SessionRun> remembered_; ///< as they were before rows were added or removed
    bool leavingOut_ = false;
};

} // namespace zipml::ui
