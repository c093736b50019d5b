#include "ui/runs/run_list.h"

#include "core/compare/run_names.h"

#include <algorithm>
#include <numeric>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 17; // at most 60 updates a second
constexpr int kQuietPolls = 60;       // a second: what was on its way has come
constexpr int kStopRemovedMilliseconds = 60'000;

} // namespace

QString freeName(const QString& wanted, const std::function<bool(const QString& name)>& taken) {
    QString name = wanted;
    for (int number = 2; taken(name); ++number)
        name = QString("%1 (%2)").arg(wanted).arg(number);
    return name;
}

RunList::RunList(QObject* parent) : QObject(parent) {
    timer_.setInterval(kPollMilliseconds);
    connect(&timer_, &QTimer::timeout, this, &RunList::poll);
    stopRemovedSoon_.setSingleShot(true);
    stopRemovedSoon_.setInterval(kStopRemovedMilliseconds);
    connect(&stopRemovedSoon_, &QTimer::timeout, this, &RunList::stopRemoved);
}

RunList::~RunList() {
    for (const auto* entries : {&runs_, &removed_}) // all at once: waiting for one is waiting for all
        for (const auto& entry : *entries)
            if (entry->worker)
                entry->worker->control().stop();
}

QList<int> RunList::ids() const {
    QList<int> ids;
    for (const auto& entry : runs_)
        ids << entry->view.id;
    return ids;
}

int RunList::rowOf(int id) const {
    const auto found = std::ranges::find(runs_, id, [](const auto& entry) { return entry->view.id; });
    return found == runs_.end() ? -1 : static_cast<int>(found - runs_.begin());
}

/// There may be news soon.
void RunList::listen() {
    quietPolls_ = 0;
    if (!timer_.isActive())
        timer_.start();
}

bool RunList::anyActive() const {
    return std::ranges::any_of(runs_, [](const auto& entry) { return entry->view.active(); });
}

int RunList::start(const RunSpec& spec, const RunOrigin& origin) {
    stopRemoved(); // it may want what they hold
    emit aboutToReset();
    auto entry = std::make_unique<Entry>();
    entry->view.id = nextId_++;
    entry->view.name = nameFor(spec);
    entry->view.spec = spec;
    entry->view.origin = origin;
    runs_.push_back(std::move(entry));
    rowsChanged();
    startQueued();
    return size() - 1;
}

void RunList::rowsChanged() {
    std::vector<RunView*> views;
    views.reserve(runs_.size());
    for (const auto& entry : runs_)
        views.push_back(&entry->view);
    colors_.give(views);
    emit reset();
}

bool RunList::taken(const QString& name) const {
    return std::ranges::any_of(runs_, [&](const auto& entry) { return entry->view.name == name; });
}

QString RunList::nameFor(const RunSpec& spec) const {
    std::vector<std::string> names;
    std::vector<NamedRun> others;
    names.reserve(runs_.size()); // stay where they are
    others.reserve(runs_.size());
    for (const auto& entry : runs_) {
        const RunView& run = entry->view;
        others.push_back(
            {&run.settings(), run.known.nameOf(run.spec), names.emplace_back(run.name.toStdString())});
    }
    return QString::fromStdString(nameAmong(spec, others));
}

void RunList::add(std::vector<RunView> views) {
    if (views.empty())
        return;
    emit aboutToReset();
    for (auto& view : views) {
        const bool again = taken(view.name);
        auto entry = std::make_unique<Entry>();
        entry->view = std::move(view);
        entry->view.id = nextId_++;
        if (again || entry->view.name.isEmpty())
            entry->view.name = nameFor(entry->view.spec);
        runs_.push_back(std::move(entry));
    }
    rowsChanged();
    emit curvesChanged();
}

void RunList::startQueued() {
    auto computing = std::ranges::count_if(
        runs_, [](const auto& entry) { return entry->view.state == RunState::Running; });
    for (int row = 0; row < size() && computing < kAtOnce; ++row) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (entry.view.state != RunState::Queued)
            continue;
        entry.worker = std::make_unique<RunWorker>(
            entry.view.spec, *cache_, [this] { QMetaObject::invokeMethod(this, &RunList::listen); },
            entry.view.record);
        entry.view.state = RunState::Running;
        ++computing;
        listen();
        emit rowChanged(row);
    }
}

void RunList::goOnOnCpu(const QList<int>& rows) {
    for (const int row : rows) {
        RunView& view = runs_[static_cast<std::size_t>(row)]->view;
        if (view.active() || !view.deviceLost())
            continue;
        view.spec = onCpu(*view.record);
        view.state = RunState::Queued;
        view.message.clear();
        emit rowChanged(row);
    }
    startQueued();
}

void RunList::pauseOrResume(const QList<int>& rows) {
    // One of them runs: pause all. None runs: resume all.
    const bool pause =
        std::ranges::any_of(rows, [this](int row) { return at(row).state == RunState::Running; });
    for (const int row : rows) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (!entry.worker)
            continue;
        pause ? entry.worker->control().pause() : entry.worker->control().resume();
        entry.view.state = pause ? RunState::Paused : RunState::Running;
        emit rowChanged(row);
    }
    listen();
}

int RunList::setBits(const QList<int>& rows, int bits) {
    int following = 0;
    for (const int row : rows) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (!entry.worker || entry.view.spec.store != StoreKind::AnyPrecision)
            continue;
        entry.worker->setBits(bits);
        ++following;
    }
    return following;
}

void RunList::step(const QList<int>& rows) {
    for (const int row : rows)
        if (auto& entry = *runs_[static_cast<std::size_t>(row)]; entry.worker)
            entry.worker->control().stepEpoch();
    listen();
}

void RunList::stepBatch(const QList<int>& rows) {
    for (const int row : rows)
        if (auto& entry = *runs_[static_cast<std::size_t>(row)]; entry.worker)
            entry.worker->control().stepBatch();
    listen();
}

int RunList::setEstimator(const QList<int>& rows, EstimatorKind estimator) {
    int following = 0;
    for (const int row : rows) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (!entry.worker)
            continue;
        entry.worker->setEstimator(estimator);
        ++following;
    }
    return following;
}

void RunList::setRounding(const QList<int>& rows, const RoundingWish& wish) {
    for (const int row : rows)
        if (auto& entry = *runs_[static_cast<std::size_t>(row)]; entry.worker)
            entry.worker->setRounding(wish);
}

void RunList::stop(const QList<int>& rows) {
    for (const int row : rows) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (entry.worker)
            entry.worker->control().stop();
        else if (entry.view.state == RunState::Queued)
            entry.view.state = RunState::Stopped;
        emit rowChanged(row);
    }
    listen();
}

void RunList::remove(const QList<int>& rows) {
    QList<int> gone;
    for (const int row : rows)
        gone << at(row).id;
    if (gone.isEmpty())
        return;
    takeOut(gone);
    emit removed(gone);
}

void RunList::clear() {
    QList<int> all(size());
    std::iota(all.begin(), all.end(), 0);
    remove(all);
}

void RunList::takeOut(const QList<int>& ids) {
    const auto goes = [&](const auto& entry) { return ids.contains(entry->view.id); };
    if (std::ranges::none_of(runs_, goes))
        return;
    emit aboutToReset();
    for (int row = 0; row < size(); ++row) {
        auto& entry = runs_[static_cast<std::size_t>(row)];
        if (!goes(entry))
            continue;
        entry->row = row;
        if (entry->worker) {
            entry->resumes = entry->view.state == RunState::Running;
            entry->worker->control().pause();
            stopRemovedSoon_.start();
        }
        removed_.push_back(std::move(entry));
    }
    std::erase(runs_, nullptr);
    rowsChanged();
    emit curvesChanged();
    startQueued();
}

void RunList::putBack(const QList<int>& ids) {
    Entries back;
    for (auto& entry : removed_)
        if (ids.contains(entry->view.id))
            back.push_back(std::move(entry));
    if (back.empty())
        return;
    std::erase(removed_, nullptr);
    std::ranges::sort(back, {}, [](const auto& entry) { return entry->row; });
    emit aboutToReset();
    for (auto& entry : back) {
        RunView& view = entry->view;
        view.name = freeName(view.name, [this](const QString& name) { return taken(name); });
        if (entry->worker && entry->resumes)
            entry->worker->control().resume();
        runs_.insert(runs_.begin() + std::min(entry->row, size()), std::move(entry));
    }
    rowsChanged();
    emit curvesChanged();
    startQueued();
    listen();
}

void RunList::forget(const QList<int>& ids) {
    for (auto& entry : removed_) {
        if (!ids.contains(entry->view.id))
            continue;
        if (entry->worker) {
            entry->worker->control().stop();
            leaving_.push_back(std::move(entry->worker));
            listen();
        }
        entry.reset();
    }
    std::erase(removed_, nullptr);
}

void RunList::stopRemoved() {
    stopRemovedSoon_.stop();
    for (const auto& entry : removed_)
        if (entry->worker) {
            entry->worker->control().stop();
            listen();
        }
}

int RunList::restore(std::vector<RunView> views) {
    clear();
    const auto known = [&](const RunView& view) {
        return std::ranges::any_of(removed_, [&](const auto& entry) { return entry->view.id == view.id; });
    };
    const int shift = std::ranges::any_of(views, known) ? nextId_ : 0;
    emit aboutToReset();
    for (auto& view : views) {
        view.id += shift;
        nextId_ = std::max(nextId_, view.id + 1);
        auto entry = std::make_unique<Entry>();
        entry->view = std::move(view);
        runs_.push_back(std::move(entry));
    }
    rowsChanged();
    emit curvesChanged();
    return shift;
}

void RunList::rename(int row, const QString& name) {
    runs_[static_cast<std::size_t>(row)]->view.name = name;
    emit rowChanged(row);
    emit curvesChanged();
}

void RunList::setVisible(int row, bool visible) {
    RunView& view = runs_[static_cast<std::size_t>(row)]->view;
    view.visible = visible;
    view.away = false;
    emit rowChanged(row);
    emit curvesChanged();
}

void RunList::showOnly(const std::function<bool(const RunOrigin& origin)>& these) {
    const bool anyTicked = std::ranges::any_of(runs_, [&](const auto& entry) {
        return these(entry->view.origin) && (entry->view.away || entry->view.visible);
    });
    std::map<int, RunTick> wanted = ticks();
    for (const auto& entry : runs_) {
        auto& [visible, away] = wanted[entry->view.id];
        if (these(entry->view.origin)) {
            visible = visible || away || !anyTicked;
            away = false;
        } else {
            away = away || visible;
            visible = false;
        }
    }
    setTicks(wanted);
}

std::map<int, RunTick> RunList::ticks() const {
    std::map<int, RunTick> ticks;
    for (const auto& entry : runs_)
        ticks[entry->view.id] = {entry->view.visible, entry->view.away};
    return ticks;
}

void RunList::setTicks(const std::map<int, RunTick>& ticks) {
    bool changed = false;
    for (const auto& entry : runs_) {
        RunView& view = entry->view;
        const auto wanted = ticks.find(view.id);
        if (wanted == ticks.end() || wanted->second == RunTick{view.visible, view.away})
            continue;
        view.visible = wanted->second.visible;
        view.away = wanted->second.away;
        changed = true;
    }
    if (!changed)
        return;
    emit ticksChanged();
    emit curvesChanged();
}

void RunList::tickOnly(const QList<int>& rows) {
    std::map<int, RunTick> wanted;
    for (const auto& entry : runs_)
        wanted[entry->view.id] = {false, false};
    for (const int row : rows)
        wanted[at(row).id].visible = true;
    for (const auto& entry : runs_) // one that stays as it was stays put away
        if (auto& tick = wanted[entry->view.id]; tick.visible == entry->view.visible)
            tick.away = entry->view.away;
    setTicks(wanted);
}

/// Whether news will come without anybody asking for it.
bool RunList::expectsNews() const {
    const auto ending = [](const auto& entry) {
        return entry->worker && entry->worker->control().stopRequested();
    };
    const auto working = [](const auto& entry) {
        return entry->worker && entry->view.state != RunState::Paused;
    };
    return !leaving_.empty() || std::ranges::any_of(runs_, working) || std::ranges::any_of(runs_, ending) ||
           std::ranges::any_of(removed_, ending);
}

void RunList::poll() {
    bool changed = false, told = false;
    for (int row = 0; row < size(); ++row) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (!entry.worker)
            continue;
        RunNews news = entry.worker->takeNews();
        const bool paused = entry.worker->control().paused();
        const RunState now = paused ? RunState::Paused : RunState::Running;
        if (news.empty() && now == entry.view.state)
            continue;
        told = true;
        entry.view.state = now;
        changed = changed || news.setup || news.optimum || !news.epochs.empty() || !news.steps.empty() ||
                  news.finished; // one that diverged is marked
        if (!news.refused.isEmpty())
            emit message(tr("%1 goes on as it was: %2").arg(entry.view.name, news.refused), true);
        const bool finished = news.finished;
        take(entry, std::move(news));
        emit rowChanged(row);
        if (const QString end = finished ? endOf(entry.view) : QString(); !end.isEmpty())
            emit message(end, true);
    }
    for (const auto& entry : removed_)
        if (entry->worker)
            take(*entry, entry->worker->takeNews());
    if (changed)
        emit curvesChanged();
    startQueued();
    std::erase_if(leaving_, [](const auto& worker) { return worker->takeNews().finished; });
    quietPolls_ = told ? 0 : quietPolls_ + 1;
    if (!expectsNews() && quietPolls_ > kQuietPolls) // a paused run wakes nobody
        timer_.stop();
}

void RunList::take(Entry& entry, RunNews news) {
    if (news.finished)
        entry.worker.reset();
    takeNews(entry.view, std::move(news));
}

} // namespace zipml::ui
