#include "ui/history/history_recorder.h"

#include "ui/session/session_state.h"

namespace zipml::ui {
namespace {

constexpr const char* kOrigin = "window";

} // namespace

HistoryRecorder::HistoryRecorder(const RunList& runs, HistoryStore& store, QObject* parent)
    : QObject(parent), runs_(runs), store_(store) {
    if (store.off())
        return;
    connect(&runs, &RunList::rowChanged, this, &HistoryRecorder::look);
    connect(&runs, &RunList::aboutToReset, this, &HistoryRecorder::remember);
    connect(&runs, &RunList::reset, this, &HistoryRecorder::lookAtAll);
}

HistoryRecorder::~HistoryRecorder() {
    remember();
    for (auto& [id, run] : remembered_)
        store_.add(historyEntry(std::move(run), kOrigin));
}

void HistoryRecorder::leaveOut(const std::function<void()>& start) {
    leavingOut_ = true;
    start();
    leavingOut_ = false;
}

/// Of a run that trains, when rows may go: only few do at a time.
void HistoryRecorder::remember() {
    remembered_.clear();
    for (int row = 0; row < runs_.size(); ++row) {
        const RunView& run = runs_.at(row);
        if (active_.contains(run.id) && !leftOut_.contains(run.id) && !run.epochs.empty())
            remembered_.emplace(run.id, sessionRunOf(run));
    }
}

void HistoryRecorder::lookAtAll() {
    std::set<int> there;
    for (int row = 0; row < runs_.size(); ++row)
        there.insert(runs_.at(row).id);
    for (auto& [id, run] : remembered_)
        if (!there.contains(id)) // removed while it trained
            store_.add(historyEntry(std::move(run), kOrigin));
    remembered_.clear();
    std::erase_if(active_, [&](int id) { return !there.contains(id); });
    std::erase_if(leftOut_, [&](int id) { return !there.contains(id); });
    for (int row = 0; row < runs_.size(); ++row)
        look(row);
}

void HistoryRecorder::look(int row) {
    const RunView& run = runs_.at(row);
    if (run.active()) {
        active_.insert(run.id);
        if (leavingOut_)
            leftOut_.insert(run.id);
        return;
    }
    if (active_.erase(run.id) == 0 || leftOut_.contains(run.id) || run.epochs.empty())
        return;
    store_.add(historyEntry(sessionRunOf(run), kOrigin));
}

} // namespace zipml::ui
