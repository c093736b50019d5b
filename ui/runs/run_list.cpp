#include "ui/runs/run_list.h"

#include "core/compare/run_names.h"

#include <algorithm>
#include <numeric>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 17; // at most 60 updates a second

} // namespace

QString titleOf(RunState state) {
    switch (state) {
    case RunState::Queued:
        return RunList::tr("Queued");
    case RunState::Running:
        return RunList::tr("Running");
    case RunState::Paused:
        return RunList::tr("Paused");
    case RunState::Finished:
        return RunList::tr("Done");
    case RunState::Stopped:
        return RunList::tr("Stopped");
    case RunState::Diverged:
        return RunList::tr("Diverged");
    case RunState::Failed:
        return RunList::tr("Failed");
    }
    return {};
}

QString freeName(const QString& wanted, const std::function<bool(const QString& name)>& taken) {
    QString name = wanted;
    for (int number = 2; taken(name); ++number)
        name = QString("%1 (%2)").arg(wanted).arg(number);
    return name;
}

RunList::RunList(QObject* parent) : QObject(parent) {
    timer_.setInterval(kPollMilliseconds);
    connect(&timer_, &QTimer::timeout, this, &RunList::poll);
}

RunList::~RunList() {
    for (const auto& entry : runs_) // all at once, so that waiting for one is waiting for all
        if (entry->worker)
            entry->worker->control().stop();
}

bool RunList::anyActive() const {
    return std::ranges::any_of(runs_, [](const auto& entry) { return entry->view.active(); });
}

int RunList::start(const RunSpec& spec) {
    emit aboutToReset();
    auto entry = std::make_unique<Entry>();
    entry->view.id = nextId_++;
    entry->view.name = nameFor(spec);
    entry->view.spec = spec;
    runs_.push_back(std::move(entry));
    emit reset();
    startQueued();
    timer_.start();
    return size() - 1;
}

QString RunList::nameFor(const RunSpec& spec) const {
    std::vector<std::string> names;
    std::vector<NamedSpec> others;
    names.reserve(runs_.size()); // stay where they are
    for (const auto& entry : runs_)
        others.push_back({&entry->view.spec, names.emplace_back(entry->view.name.toStdString())});
    return QString::fromStdString(nameAmong(spec, others));
}

void RunList::add(std::vector<RunView> views) {
    if (views.empty())
        return;
    emit aboutToReset();
    for (auto& view : views) {
        const bool taken =
            std::ranges::any_of(runs_, [&](const auto& other) { return other->view.name == view.name; });
        auto entry = std::make_unique<Entry>();
        entry->view = std::move(view);
        entry->view.id = nextId_++;
        if (taken || entry->view.name.isEmpty())
            entry->view.name = nameFor(entry->view.spec);
        runs_.push_back(std::move(entry));
    }
    emit reset();
    emit curvesChanged();
}

void RunList::startQueued() {
    auto computing = std::ranges::count_if(
        runs_, [](const auto& entry) { return entry->view.state == RunState::Running; });
    for (int row = 0; row < size() && computing < kAtOnce; ++row) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (entry.view.state != RunState::Queued)
            continue;
        entry.worker = std::make_unique<RunWorker>(entry.view.spec, *cache_, entry.view.record);
        entry.view.state = RunState::Running;
        ++computing;
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
    timer_.start();
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
}

void RunList::stepBatch(const QList<int>& rows) {
    for (const int row : rows)
        if (auto& entry = *runs_[static_cast<std::size_t>(row)]; entry.worker)
            entry.worker->control().stepBatch();
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

void RunList::stop(const QList<int>& rows) {
    for (const int row : rows) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (entry.worker)
            entry.worker->control().stop();
        else if (entry.view.state == RunState::Queued)
            entry.view.state = RunState::Stopped;
        emit rowChanged(row);
    }
}

void RunList::remove(QList<int> rows) {
    stop(rows);
    std::ranges::sort(rows, std::greater{});
    emit aboutToReset();
    for (const int row : rows) {
        if (auto& worker = runs_[static_cast<std::size_t>(row)]->worker)
            leaving_.push_back(std::move(worker));
        runs_.erase(runs_.begin() + row);
    }
    if (runs_.empty())
        nextId_ = 0; // colours start again
    emit reset();
    emit curvesChanged();
    startQueued();
}

void RunList::clear() {
    QList<int> all(size());
    std::iota(all.begin(), all.end(), 0);
    remove(all);
}

void RunList::restore(std::vector<RunView> views) {
    clear();
    emit aboutToReset();
    for (auto& view : views) {
        nextId_ = std::max(nextId_, view.id + 1);
        auto entry = std::make_unique<Entry>();
        entry->view = std::move(view);
        runs_.push_back(std::move(entry));
    }
    emit reset();
    emit curvesChanged();
}

void RunList::rename(int row, const QString& name) {
    runs_[static_cast<std::size_t>(row)]->view.name = name;
    emit rowChanged(row);
    emit curvesChanged();
}

void RunList::setVisible(int row, bool visible) {
    runs_[static_cast<std::size_t>(row)]->view.visible = visible;
    emit rowChanged(row);
    emit curvesChanged();
}

void RunList::poll() {
    bool changed = false;
    for (int row = 0; row < size(); ++row) {
        auto& entry = *runs_[static_cast<std::size_t>(row)];
        if (!entry.worker)
            continue;
        RunNews news = entry.worker->takeNews();
        const bool paused = entry.worker->control().paused();
        const RunState now = paused ? RunState::Paused : RunState::Running;
        if (news.empty() && now == entry.view.state)
            continue;
        entry.view.state = now;
        changed = changed || news.setup || !news.epochs.empty() || !news.steps.empty();
        if (!news.refused.isEmpty())
            emit message(tr("%1 goes on as it was: %2").arg(entry.view.name, news.refused), true);
        apply(row, std::move(news));
    }
    if (changed)
        emit curvesChanged();
    startQueued();
    std::erase_if(leaving_, [](const auto& worker) { return worker->takeNews().finished; });
    if (!anyActive() && leaving_.empty())
        timer_.stop();
}

void RunList::apply(int row, RunNews news) {
    auto& entry = *runs_[static_cast<std::size_t>(row)];
    RunView& view = entry.view;
    if (news.setup) {
        view.setup = news.setup;
        view.initial = news.initial;
    }
    view.epochs.insert(view.epochs.end(), news.epochs.begin(), news.epochs.end());
    view.steps.insert(view.steps.end(), news.steps.begin(), news.steps.end());
    if (news.share) {
        view.share = *news.share;
        view.phase = news.phase;
    }
    if (news.finished)
        finish(entry, std::move(news));
    emit rowChanged(row);
}

void RunList::finish(Entry& entry, RunNews news) {
    RunView& view = entry.view;
    entry.worker.reset();
    if (news.record) // else what a run that goes on had stays
        view.record = std::move(news.record);
    if (!news.error.isEmpty()) {
        view.state = RunState::Failed;
        view.message = news.error;
        emit message(news.error, true);
    } else if (!view.record || view.record->status == RunStatus::Stopped) {
        view.state = RunState::Stopped;
    } else if (view.record->status == RunStatus::Diverged) {
        view.state = RunState::Diverged;
        view.message = QString::fromStdString(view.record->message);
        emit message(tr("%1 %2").arg(view.name, view.message), true);
    } else if (view.record->status == RunStatus::DeviceLost) {
        view.state = RunState::Failed;
        view.message = QString::fromStdString(view.record->message);
        emit message(view.message, true);
    } else {
        view.state = RunState::Finished;
        view.share = 1;
        if (view.record->status == RunStatus::BelowOptimum) {
            view.message = QString::fromStdString(view.record->message);
            emit message(tr("%1: %2").arg(view.name, view.message), true);
        }
    }
}

} // namespace zipml::ui
