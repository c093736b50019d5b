#pragma once
/// Loss above, bias below, of finished runs, as a file.

#include "core/lab/run_record.h"

#include <filesystem>
#include <vector>

namespace zipml {

/// A QApplication must be alive. @throws InputError for an ending other than .png, .svg, .pdf; RunError.
void writeRecordPlot(const std::vector<RunRecord>& records, const std::filesystem::path& file);

} // namespace zipml
