#pragma once
/// Plots of finished runs, drawn by the lab's own plot code without a display.

#include "core/lab/run_record.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace zipml::cli {

/// @throws InputError unless the name ends in .svg, .png or .pdf; called before the run, so that none is
/// lost.
void checkPlotFile(const std::filesystem::path& file);
/// Calls `draw` while a Qt application without a display is alive; what drawing plots needs.
void withoutDisplay(const std::function<void()>& draw);
/// @throws RunError when it cannot be written.
void plotToFile(const std::vector<RunRecord>& records, const std::filesystem::path& file);

} // namespace zipml::cli
