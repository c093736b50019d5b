#include "ui/session/session_state.h"

#include "ui/experiment/experiment_model.h"
#include "ui/widgets/page.h"

#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

RunState stateOf(const SessionRun& run) {
    if (run.failed)
        return RunState::Failed;
    if (!run.status || *run.status == RunStatus::Stopped)
        return RunState::Stopped;
    return *run.status == RunStatus::Diverged ? RunState::Diverged : RunState::Finished;
}

/// The notes of runs whose ids have grown.
nlohmann::json shifted(nlohmann::json view, int shift) {
    if (view.contains("notes") && view["notes"].is_array())
        for (auto& note : view["notes"])
            if (note.is_object() && note.contains("run") && note["run"].is_number_integer())
                note["run"] = note["run"].get<int>() + shift;
    return view;
}

} // namespace

RunView runViewOf(const SessionRun& run) {
    RunView view;
    view.id = run.id;
    view.name = QString::fromStdString(run.name);
    view.spec = run.spec;
    view.origin = {QString::fromStdString(run.group), QString::fromStdString(run.maker)};
    view.state = stateOf(run);
    view.visible = run.visible;
    view.message = QString::fromStdString(run.message);
    view.setup = run.setup;
    view.initial = run.initial;
    view.epochs = run.epochs;
    view.steps = run.steps;
    view.share = view.state == RunState::Finished
                     ? 1.0
                     : static_cast<double>(run.epochs.size()) / std::max(1, run.spec.sgd.epochs);
    if (run.status)
        view.record = {run.spec,    *run.setup,    *run.initial, run.epochs,           *run.status,
                       run.message, run.confusion, run.model,    run.peakResidentBytes};
    return view;
}

SessionRun sessionHeadOf(const RunView& view) {
    SessionRun run{view.id,
                   view.name.toStdString(),
                   view.visible,
                   view.spec,
                   view.message.toStdString(),
                   view.state == RunState::Failed,
                   view.setup,
                   view.initial,
                   {},
                   {},
                   {},
                   {},
                   {},
                   0,
                   view.origin.group.toStdString(),
                   view.origin.maker.toStdString()};
    if (view.record) {
        run.setup = view.record->setup;
        run.status = view.record->status;
        run.model = view.record->model;
        run.confusion = view.record->confusion;
        run.peakResidentBytes = view.record->peakResidentBytes;
    }
    return run;
}

SessionRun sessionRunOf(const RunView& view) {
    SessionRun run = sessionHeadOf(view);
    run.epochs = view.epochs;
    run.steps = view.steps;
    return run;
}

Session sessionOf(const RunList& runs, const RunSpec& settings, const Page& page) {
    Session session{settings, page.view(), {}};
    for (int row = 0; row < runs.size(); ++row)
        session.runs.push_back(sessionRunOf(runs.at(row)));
    return session;
}

void showSession(const Session& session, ExperimentModel& experiment, Page& page) {
    std::vector<RunView> views;
    for (const auto& run : session.runs)
        views.push_back(runViewOf(run));
    experiment.setSpec(session.settings);
    const int shift = experiment.runs().restore(std::move(views));
    page.showView(shifted(session.view, shift));
}

} // namespace zipml::ui
