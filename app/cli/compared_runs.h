#pragma once
/// Runs that are held side by side without a window: what `zipml compare` and `zipml sweep --plot` show.

#include "core/document/session.h"
#include "core/plot/plots.h"

namespace zipml::cli {

/// Runs that came from files, each with a name that tells it from the others, as the window has it.
std::vector<ComparedRun> comparedRuns(const std::vector<SessionRun>& runs);

} // namespace zipml::cli
