#pragma once
/// A run as the screen shows it, and what the news of its worker make of it.

#include "core/compare/run_facts.h"
#include "ui/runs/run_worker.h"
#include "ui/theme/palette.h"

#include <vector>

namespace zipml::ui {

enum class RunState { Queued, Running, Paused, Finished, Stopped, Diverged, Failed };

/// Who started a run, where it was not the person.
struct RunOrigin {
    QString group; ///< "Lesson 2"; empty: the person
    QString maker; ///< which button of the group
    bool operator==(const RunOrigin&) const = default;
};

/// Whether a run is shown in the plots.
struct RunTick {
    bool visible = true;
    bool away = false; ///< not visible for as long as others are looked at
    bool operator==(const RunTick&) const = default;
};

/// A run as the screen shows it.
struct RunView {
    int id = 0;   ///< its own for ever, also once the run was removed
    RunLook look; ///< the list gives it
    QString name;
    RunSpec spec;
    RunOrigin origin;
    RunState state = RunState::Queued;
    bool visible = true, away = false; ///< as RunTick
    double share = 0;                  ///< done, 0 to 1
    QString phase;                     ///< "loading", "training"
    QString message;                   ///< why it failed or diverged, and what to do
    std::optional<RunSetup> setup;
    std::optional<EpochRecord> initial;
    std::vector<EpochRecord> epochs;
    std::vector<EpochRecord> steps;  ///< states inside of epochs, after single minibatches
    std::optional<RunRecord> record; ///< once it ended
    KnownSettings known;             ///< of `spec`

    [[nodiscard]] const std::vector<SettingValue>& settings() const { return known.valuesOf(spec); }
    /// What repeats the run: its settings with what was changed while it trained.
    [[nodiscard]] RunSpec repeated() const { return asDone(spec, epochs); }
    /// Whether the device was lost, so that the run can go on on the CPU.
    [[nodiscard]] bool deviceLost() const { return record && record->status == RunStatus::DeviceLost; }
    [[nodiscard]] bool active() const {
        return state == RunState::Queued || state == RunState::Running || state == RunState::Paused;
    }
};

QString titleOf(RunState state);

/// The worker's news, told since the last ones. @param news of a run that has ended say how
void takeNews(RunView& run, RunNews news);
/// What a person should hear of how it ended; empty: nothing.
QString endOf(const RunView& run);

} // namespace zipml::ui
