#pragma once
/// Loss above, bias below, of finished runs.

#include "core/lab/run_record.h"
#include "ui/plot/plot_file.h"

#include <filesystem>
#include <vector>

namespace zipml {

/// Runs are called by displayName; the figures are the window's.
std::vector<ui::Figure> recordFigures(const std::vector<RunRecord>& records);
/// A QApplication must be alive. @throws InputError for an ending other than .png, .svg, .pdf; RunError.
void writeRecordPlot(const std::vector<RunRecord>& records, const std::filesystem::path& file);

} // namespace zipml
