#include "ui/runs/run_view.h"

#include "ui/runs/run_list.h"

#include <algorithm>

namespace zipml::ui {
namespace {

void finish(RunView& view, RunNews news) {
    if (news.record) { // else what a run that goes on had stays
        view.record = std::move(news.record);
        view.spec = view.record->spec; // with what was changed on the way, and the device's whole name
    }
    const auto status = view.record ? view.record->status : RunStatus::Stopped;
    if (status == RunStatus::Diverged || status == RunStatus::DeviceLost || status == RunStatus::BelowOptimum)
        view.message = QString::fromStdString(view.record->message);
    if (!news.error.isEmpty()) {
        view.state = RunState::Failed;
        view.message = news.error;
    } else if (status == RunStatus::Stopped) {
        view.state = RunState::Stopped;
    } else if (status == RunStatus::Diverged) {
        view.state = RunState::Diverged;
    } else if (status == RunStatus::DeviceLost) {
        view.state = RunState::Failed;
    } else {
        view.state = RunState::Finished;
        view.share = 1;
    }
}

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

void takeNews(RunView& view, RunNews news) {
    if (news.setup) {
        view.setup = news.setup;
        view.initial = news.initial;
    }
    view.epochs.insert(view.epochs.end(), news.epochs.begin(), news.epochs.end());
    view.steps.insert(view.steps.end(), news.steps.begin(), news.steps.end());
    if (news.optimum) {
        view.setup = std::move(news.optimum->setup);
        view.initial = news.optimum->initial;
        std::ranges::copy(news.optimum->epochs, view.epochs.begin());
    }
    if (news.share) {
        view.share = *news.share;
        view.phase = news.phase;
    }
    if (news.finished)
        finish(view, std::move(news));
}

QString endOf(const RunView& run) {
    if (run.state == RunState::Failed)
        return run.message; // which says what it is about
    if (run.state == RunState::Diverged)
        return RunList::tr("%1 %2").arg(run.name, run.message);
    if (run.record && run.record->status == RunStatus::BelowOptimum)
        return RunList::tr("%1: %2").arg(run.name, run.message);
    return {};
}

} // namespace zipml::ui
