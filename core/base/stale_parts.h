#pragma once
/// Files are written aside, as NAME.partPID, and renamed. What a killed process left of that is cleared away by the
/// next one that writes the same file.

#include <filesystem>

namespace zipml {

/// @param aside what this process writes aside: others of that name, of processes that have ended, are removed,
/// at the first call for it
void removeStaleParts(const std::filesystem::path& aside);

} // namespace zipml
