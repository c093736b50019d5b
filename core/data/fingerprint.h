#pragma once
/// What files hold, as a short text that another one changes: so a result that is kept knows its data again.

#include "core/base/job.h"

#include <filesystem>
#include <string>

namespace zipml {

/// @param source as of SourceFiles
/// @return "2 files, 81234 bytes, crc32 0a1b2c3d", over their bytes one behind the other; "absent" where they
/// cannot be read. A guard against accidents: whoever wants to can make another file with the same text.
/// @throws InputError as SourceFiles, Cancelled
std::string fingerprintOf(const std::filesystem::path& source, const Job& job = {});

} // namespace zipml
