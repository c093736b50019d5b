#pragma once
/// Reading and writing whole files, so that nothing half-written is ever left behind.

#include <filesystem>
#include <string>
#include <string_view>

namespace zipml {

/// Writes aside and renames: afterwards `file` holds either all of `contents` or what it held before.
/// @throws RunError with the file's name and the system's reason.
void writeFileAtomically(const std::filesystem::path& file, std::string_view contents);

/// For use before long work whose result goes to `file`, so that the work is not lost.
/// @throws InputError when its folder does not exist or cannot be written to, or it is itself a folder.
void checkWritable(const std::filesystem::path& file);

/// @throws InputError when it is missing, a directory or unreadable.
std::string readFile(const std::filesystem::path& file);

} // namespace zipml
