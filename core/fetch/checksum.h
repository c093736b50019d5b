#pragma once
/// Checksums by OpenSSL, in the part of the program that fetches; others call fileChecksum.

#include "core/base/job.h"

#include <filesystem>
#include <string>

namespace zipml {

/// @param kind "sha256" or "md5". The rest is as of fileChecksum
std::string checksumOf(const std::filesystem::path& file, const std::string& kind, const Job& job);

} // namespace zipml
