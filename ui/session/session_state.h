#pragma once
/// The state of a session is what its file keeps of the experiment, its runs, and how they are looked at.

#include "core/document/session.h"
#include "ui/runs/run_list.h"

namespace zipml::ui {

class ExperimentModel;
class Page;

/// One run of it.
SessionRun sessionRunOf(const RunView& view);
RunView runViewOf(const SessionRun& run);

/// @param settings the last that were valid @param page where the runs are looked at
Session sessionOf(const RunList& runs, const RunSpec& settings, const Page& page);
/// A run but for its states.
SessionRun sessionHeadOf(const RunView& run);
/// Replaces the settings and all runs. Runs that had not ended are shown as stopped.
void showSession(const Session& session, ExperimentModel& experiment, Page& page);

} // namespace zipml::ui
