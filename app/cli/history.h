#pragma once
/// Runs that ended are laid where the window finds them: the history.

#include "core/lab/run_record.h"

#include <nlohmann/json_fwd.hpp>

namespace zipml::cli {

class Command;

/// --no-history
void addHistoryFlag(Command& command, bool& off);
/// A history that cannot be written is no reason to fail: it is said on standard error.
/// @param origin the sub-command
void keepInHistory(const RunRecord& record, const char* origin);
/// Runs of a sweep, as its JSON has them.
void keepInHistory(const nlohmann::json& runs, const char* origin);

} // namespace zipml::cli
