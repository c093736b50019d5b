#pragma once
/// Whether a plot can be drawn to a file (core/plot/plots.h), asked before the run that it shows.

#include <filesystem>

namespace zipml::cli {

/// @throws InputError unless the name ends in .svg, .png or .pdf and this build can draw; called before the
/// run, so that none is lost.
void checkPlotFile(const std::filesystem::path& file);

} // namespace zipml::cli
