#pragma once
/// The window's runs as a report tells of them (comparison_report.h).

#include "ui/report/comparison_report.h"
#include "ui/runs/run_list.h"

namespace zipml::ui {

/// All of them, while the list does not change.
std::vector<ReportedRun> reportedRuns(const RunList& runs);

} // namespace zipml::ui
