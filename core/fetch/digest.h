#pragma once
/// Checksums of files.

#include "core/base/job.h"

#include <filesystem>
#include <string>

namespace zipml {

/// "sha256:0a1b..." in lower case.
/// @param kind "sha256" or "md5", the latter against accidents only
/// @throws InputError for another kind and for a file that cannot be read. @throws Cancelled when stopped.
std::string fileChecksum(const std::filesystem::path& file, const std::string& kind, const Job& job = {});

/// Whether it reads "sha256:" and 64 hexadecimal digits, or "md5:" and 32.
bool isChecksum(const std::string& checksum);

} // namespace zipml
