#pragma once
/// The whole comparison as one file to pass on: plots, results, settings, versions.

#include "ui/plot/plot_file.h"
#include "ui/runs/run_list.h"

namespace zipml::ui {

/// @param figures the plots as they are looked at @param file .html (self-contained) or .pdf
/// @throws InputError for another ending or when there is no run; RunError when it cannot be written
void writeComparisonReport(const RunList& runs, const std::vector<Figure>& figures,
                           const std::filesystem::path& file);

} // namespace zipml::ui
