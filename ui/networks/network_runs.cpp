#include "ui/networks/network_runs.h"

#include <algorithm>
#include <utility>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 17; // at most 60 updates a second

/// A run that was stopped, as its checkpoint tells. @throws InputError
NetworkRun keptRun(int id, const QString& name, const std::filesystem::path& file) {
    const deep::Checkpoint checkpoint = deep::readCheckpoint(file);
    if (!checkpoint.training)
        throw InputError(file.string() + ": is a model, not a checkpoint; remove it");
    NetworkRun run;
    run.id = id;
    run.spec = checkpoint.model.spec;
    run.name = name.isEmpty() ? QString::fromStdString(displayName(run.spec)) : name;
    run.state = RunState::Stopped;
    run.setup = deep::setupOf(checkpoint.model);
    run.iteration = checkpoint.model.iteration;
    run.share = static_cast<double>(run.iteration) / run.setup->solver.iterations;
    run.epochs = checkpoint.training->epochs;
    for (const deep::DeepEpoch& epoch : run.epochs) // single minibatches are not kept
        run.loss.add(epoch.iteration, epoch.trainLoss);
    run.snapshot = snapshotOf(checkpoint.model);
    return run;
}

} // namespace

NetworkRuns::NetworkRuns(const QString& folder, QObject* parent) : QObject(parent), kept_(folder) {
    timer_.setInterval(kPollMilliseconds);
    connect(&timer_, &QTimer::timeout, this, &NetworkRuns::poll);
    readKept();
}

NetworkRuns::~NetworkRuns() {
    for (const auto* entries : {&runs_, &removed_}) // all at once: waiting for one is waiting for all
        for (const auto& each : *entries)
            if (each->worker)
                each->worker->control().stop();
    for (const auto* entries : {&removed_, &leaving_})
        for (const auto& each : *entries) {
            each->worker.reset(); // it may have written its checkpoint
            kept_.forget(each->run.id);
        }
    std::map<int, QString> names;
    for (const auto& each : runs_)
        names[each->run.id] = each->run.name;
    kept_.setNames(names);
}

void NetworkRuns::readKept() {
    const std::vector<int> ids = kept_.ids();
    if (ids.empty())
        return;
    nextId_ = ids.back() + 1;
    reader_.deliver(kPollMilliseconds, [this](KeptNews news) {
        for (NetworkRun& run : news.runs)
            insert(std::move(run));
        for (const QString& problem : news.problems)
            emit message(problem, true);
    });
    reader_.start([this, ids](const Job& job, RunControl&) {
        auto names = kept_.names();
        for (const int id : ids) {
            job.checkpoint();
            try {
                NetworkRun run = keptRun(id, names[id], kept_.fileOf(id));
                reader_.tell([&](KeptNews& news) { news.runs.push_back(std::move(run)); });
            } catch (const std::exception& error) {
                reader_.tell([&](KeptNews& news) { news.problems << QString::fromUtf8(error.what()); });
            }
        }
    });
}

void NetworkRuns::insert(NetworkRun run) {
    emit aboutToReset();
    run.name = freeNameFor(run.name);
    auto added = std::make_unique<Entry>();
    added->run = std::move(run);
    const auto place = placeOf(added->run.id);
    runs_.insert(place, std::move(added));
    emit reset();
    emit curvesChanged();
}

/// Rows are in the order of the start.
std::vector<std::unique_ptr<NetworkRuns::Entry>>::iterator NetworkRuns::placeOf(int id) {
    return std::ranges::find_if(runs_, [&](const auto& each) { return each->run.id > id; });
}

int NetworkRuns::rowOf(int id) const {
    const auto found = std::ranges::find(runs_, id, [](const auto& each) { return each->run.id; });
    return found == runs_.end() ? -1 : static_cast<int>(found - runs_.begin());
}

bool NetworkRuns::anyActive() const {
    return std::ranges::any_of(runs_, [](const auto& each) { return each->run.active(); });
}

bool NetworkRuns::canGoOn(int row) const {
    const NetworkRun& run = at(row);
    return run.state == RunState::Stopped && run.iteration > 0;
}

int NetworkRuns::start(const deep::DeepSpec& spec) {
    emit aboutToReset();
    auto added = std::make_unique<Entry>();
    added->run.id = nextId_++;
    added->run.name = freeNameFor(QString::fromStdString(displayName(spec)));
    added->run.spec = spec;
    runs_.push_back(std::move(added));
    emit reset();
    startQueued();
    timer_.start();
    return size() - 1;
}

QString NetworkRuns::freeNameFor(const QString& wanted) const {
    return freeName(wanted, [this](const QString& name) {
        return std::ranges::any_of(runs_, [&](const auto& each) { return each->run.name == name; });
    });
}

/// A paused run keeps its turn: who pauses wants quiet, not the next run.
void NetworkRuns::startQueued() {
    const auto works = [](const auto& each) { return each->worker != nullptr; };
    if (std::ranges::any_of(runs_, works) || std::ranges::any_of(removed_, works) || !leaving_.empty())
        return;
    for (int row = 0; row < size(); ++row) {
        Entry& next = entry(row);
        if (next.run.state != RunState::Queued)
            continue;
        next.worker = std::make_unique<NetworkWorker>(next.run.spec, store_, kept_.fileOf(next.run.id));
        next.run.state = RunState::Running;
        next.since.invalidate();
        emit rowChanged(row);
        return;
    }
}

void NetworkRuns::goOn(const QList<int>& rows) {
    for (const int row : rows)
        if (canGoOn(row)) {
            entry(row).run.state = RunState::Queued;
            entry(row).run.message.clear();
            emit rowChanged(row);
        }
    startQueued();
    timer_.start();
}

void NetworkRuns::pauseOrResume(const QList<int>& rows) {
    for (const int row : rows) {
        Entry& each = entry(row);
        if (!each.worker)
            continue;
        const bool pause = each.run.state == RunState::Running;
        pause ? each.worker->control().pause() : each.worker->control().resume();
        each.run.state = pause ? RunState::Paused : RunState::Running;
        each.run.secondsLeft.reset();
        each.since.invalidate();
        emit rowChanged(row);
    }
}

void NetworkRuns::stop(const QList<int>& rows) {
    for (const int row : rows) {
        Entry& each = entry(row);
        each.resumes = false; // one that was put back stays stopped, too
        if (each.worker)
            each.worker->control().stop();
        else if (each.run.state == RunState::Queued)
            each.run.state = RunState::Stopped;
        emit rowChanged(row);
    }
}

QList<int> NetworkRuns::remove(const QList<int>& rows) {
    QList<int> ids;
    for (const int row : rows)
        ids << at(row).id;
    takeOut(ids);
    return ids;
}

void NetworkRuns::takeOut(const QList<int>& ids) {
    emit aboutToReset();
    for (auto& each : runs_) {
        if (!ids.contains(each->run.id))
            continue;
        each->resumes = each->run.active();
        if (each->worker)
            each->worker->control().stop();
        else if (each->run.state == RunState::Queued)
            each->run.state = RunState::Stopped;
        removed_.push_back(std::move(each));
    }
    std::erase(runs_, nullptr);
    emit reset();
    emit curvesChanged();
    startQueued();
}

void NetworkRuns::putBack(const QList<int>& ids) {
    emit aboutToReset();
    for (auto& each : removed_) {
        if (!ids.contains(each->run.id))
            continue;
        each->run.name = freeNameFor(each->run.name);
        if (each->resumes && !each->worker) // else once it has stopped
            each->run.state = RunState::Queued;
        const auto place = placeOf(each->run.id);
        runs_.insert(place, std::move(each));
    }
    std::erase(removed_, nullptr);
    emit reset();
    emit curvesChanged();
    startQueued();
    timer_.start();
}

void NetworkRuns::forget(const QList<int>& ids) {
    for (auto& each : removed_) {
        if (!ids.contains(each->run.id))
            continue;
        kept_.forget(each->run.id);
        if (each->worker)
            leaving_.push_back(std::move(each));
        each.reset();
    }
    std::erase(removed_, nullptr);
}

void NetworkRuns::rename(int row, const QString& name) {
    entry(row).run.name = name;
    emit rowChanged(row);
    emit curvesChanged();
}

void NetworkRuns::setVisible(int row, bool visible) {
    entry(row).run.visible = visible;
    emit rowChanged(row);
    emit curvesChanged();
}

void NetworkRuns::poll() {
    bool changed = false;
    for (int row = 0; row < size(); ++row) {
        Entry& each = entry(row);
        if (!each.worker)
            continue;
        NetworkNews news = each.worker->takeNews();
        if (news.empty())
            continue;
        changed = changed || news.setup || !news.steps.empty() || !news.epochs.empty() || news.finished;
        apply(row, std::move(news));
    }
    if (changed)
        emit curvesChanged();
    pollRemoved();
    std::erase_if(leaving_, [this](const auto& each) {
        if (!each->worker->takeNews().finished)
            return false;
        kept_.forget(each->run.id); // written when it was stopped
        return true;
    });
    startQueued();
    const bool stopping =
        std::ranges::any_of(removed_, [](const auto& each) { return each->worker != nullptr; });
    if (!anyActive() && leaving_.empty() && !stopping)
        timer_.stop();
}

/// Until they have stopped; nobody hears of them.
void NetworkRuns::pollRemoved() {
    for (const auto& each : removed_)
        if (each->worker) {
            NetworkNews news = each->worker->takeNews();
            take(*each, news);
            if (news.finished)
                finish(*each, news);
        }
}

/// What it has done since.
void NetworkRuns::take(Entry& each, NetworkNews& news) {
    NetworkRun& run = each.run;
    if (news.setup) {
        run.setup = news.setup;
        run.epochs = std::move(news.resumed);
        run.loss.forgetAfter(news.setup->resumedAt);
        run.iteration = news.setup->resumedAt;
    }
    for (const deep::DeepStep& step : news.steps) {
        if (!each.since.isValid()) {
            each.since.start();
            each.iterationThen = step.iteration;
        }
        run.loss.add(step.iteration, step.loss);
        run.iteration = step.iteration;
    }
    run.epochs.insert(run.epochs.end(), news.epochs.begin(), news.epochs.end());
    if (run.iteration > each.iterationThen && each.since.isValid() && run.state == RunState::Running)
        run.secondsLeft = static_cast<double>(each.since.elapsed()) / 1000 /
                          (run.iteration - each.iterationThen) *
                          (run.setup->solver.iterations - run.iteration);
    if (news.share) {
        run.share = *news.share;
        run.phase = news.phase;
    }
    if (news.snapshot != nullptr)
        run.snapshot = news.snapshot;
}

void NetworkRuns::apply(int row, NetworkNews news) {
    Entry& each = entry(row);
    take(each, news);
    if (!news.note.isEmpty())
        emit message(tr("%1: %2").arg(each.run.name, news.note), false);
    const bool shown = news.snapshot != nullptr;
    if (news.finished)
        finish(each, news);
    emit rowChanged(row);
    if (shown)
        emit snapshotChanged(row);
}

void NetworkRuns::finish(Entry& each, const NetworkNews& news) {
    NetworkRun& run = each.run;
    each.worker.reset();
    run.secondsLeft.reset();
    run.message = news.error;
    if (!news.status) {
        run.state = news.error.isEmpty() ? RunState::Stopped : RunState::Failed;
    } else if (*news.status == RunStatus::Completed) {
        run.state = RunState::Finished;
        run.share = 1;
    } else {
        run.state = *news.status == RunStatus::Diverged ? RunState::Diverged : RunState::Stopped;
    }
    if (run.state == RunState::Finished || run.state == RunState::Diverged)
        kept_.forget(run.id);
    const bool there = rowOf(run.id) >= 0;
    if (there && std::exchange(each.resumes, false) && run.state == RunState::Stopped)
        run.state = RunState::Queued; // it was put back while it stopped
    if (there && !run.message.isEmpty())
        emit message(run.message, true);
}

} // namespace zipml::ui
