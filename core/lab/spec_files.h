#pragma once
/// The files that a spec names: what a report may say of them, and where a spec that came along with its data
/// finds them.

#include "core/lab/run_spec.h"

namespace zipml {

/// Data without folders (core/data/source_name.h).
RunSpec withNamesOnly(const RunSpec& spec);
/// Data that are named without a folder, are not here and lie in `folder`, are taken from there.
RunSpec withDataBeside(RunSpec spec, const std::filesystem::path& folder);

} // namespace zipml
