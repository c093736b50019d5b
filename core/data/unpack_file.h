#pragma once
/// A whole file's bytes, unpacked when it is packed with gzip, bzip2, xz or zstd.

#include <cstddef>
#include <filesystem>
#include <string>

namespace zipml {

/// @param most bytes that it may unpack to
/// @throws InputError when it is missing, unreadable, empty, damaged, cut short or larger.
std::string unpackFile(const std::filesystem::path& file, std::size_t most);

} // namespace zipml
