#pragma once
/// Between the page and a Session: what a file keeps of it.

#include "core/document/session.h"
#include "ui/runs/run_list.h"

namespace zipml::ui {

class TrainingPage;

/// @param settings the panel's, the last that were valid
Session sessionOf(TrainingPage& page, const RunSpec& settings);
/// Replaces everything on the page. Runs that had not ended are shown as stopped.
void showSession(const Session& session, TrainingPage& page);

} // namespace zipml::ui
