#include "ui/session/session_state.h"

#include "ui/training/training_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSlider>
#include <QTableView>

namespace zipml::ui {
namespace {

/// What decides how the plots look; each is found by its name.
constexpr const char* kCombos[] = {"xAxis", "secondPlotQuantity", "lossScale"};
constexpr const char* kChecks[] = {"lossLogarithmic", "biasLogarithmic", "seedBands"};

nlohmann::json viewOf(TrainingPage& page) {
    nlohmann::json view = nlohmann::json::object();
    for (const char* name : kCombos)
        if (const auto* combo = page.findChild<QComboBox*>(name))
            view[name] = combo->currentIndex();
    for (const char* name : kChecks)
        if (const auto* check = page.findChild<QCheckBox*>(name))
            view[name] = check->isChecked();
    view["smoothing"] = page.findChild<QSlider*>("smoothing")->value();
    view["notes"] = page.plots().notes();
    view["selected"] = page.table().currentIndex().row();
    return view;
}

/// Skips what it does not know: a view is no reason to refuse a session.
void showView(const nlohmann::json& view, TrainingPage& page) {
    const auto number = [&](const char* name, int most) {
        const bool fits = view.contains(name) && view[name].is_number_integer();
        const auto value = fits ? view[name].get<std::int64_t>() : -1;
        return value >= 0 && value < most ? static_cast<int>(value) : -1;
    };
    for (const char* name : kCombos)
        if (auto* combo = page.findChild<QComboBox*>(name))
            if (const int index = number(name, combo->count()); index >= 0)
                combo->setCurrentIndex(index);
    for (const char* name : kChecks)
        if (auto* check = page.findChild<QCheckBox*>(name))
            if (view.contains(name) && view[name].is_boolean())
                check->setChecked(view[name].get<bool>());
    if (auto* smoothing = page.findChild<QSlider*>("smoothing"); number("smoothing", 100) >= 0)
        smoothing->setValue(number("smoothing", 100));
    page.plots().setNotes(view.value("notes", nlohmann::json::array()));
    if (const int row = number("selected", page.runs().size()); row >= 0)
        page.table().selectRow(row);
}

SessionRun sessionRunOf(const RunView& view) {
    SessionRun run{view.id,
                   view.name.toStdString(),
                   view.visible,
                   view.spec,
                   view.message.toStdString(),
                   view.state == RunState::Failed,
                   view.setup,
                   view.initial,
                   view.epochs,
                   view.steps,
                   {},
                   {},
                   {},
                   0};
    if (view.record) {
        run.setup = view.record->setup;
        run.status = view.record->status;
        run.model = view.record->model;
        run.confusion = view.record->confusion;
        run.peakResidentBytes = view.record->peakResidentBytes;
    }
    return run;
}

RunState stateOf(const SessionRun& run) {
    if (run.failed)
        return RunState::Failed;
    if (!run.status || *run.status == RunStatus::Stopped)
        return RunState::Stopped;
    return *run.status == RunStatus::Diverged ? RunState::Diverged : RunState::Finished;
}

RunView runViewOf(const SessionRun& run) {
    RunView view;
    view.id = run.id;
    view.name = QString::fromStdString(run.name);
    view.spec = run.spec;
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

} // namespace

Session sessionOf(TrainingPage& page, const RunSpec& settings) {
    Session session{settings, viewOf(page), {}};
    for (int row = 0; row < page.runs().size(); ++row)
        session.runs.push_back(sessionRunOf(page.runs().at(row)));
    return session;
}

void showSession(const Session& session, TrainingPage& page) {
    std::vector<RunView> views;
    for (const auto& run : session.runs)
        views.push_back(runViewOf(run));
    page.panel().setSpec(session.settings);
    page.runs().restore(std::move(views));
    showView(session.view, page);
}

} // namespace zipml::ui
