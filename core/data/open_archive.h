#pragma once
/// Files that may be packed, through libarchive.

#include <filesystem>
#include <memory>
#include <string>

struct archive;

namespace zipml {

struct CloseArchive {
    void operator()(archive* reader) const;
};
using ArchivePointer = std::unique_ptr<archive, CloseArchive>;

/// @throws InputError when `file` is missing, a directory, unreadable or empty.
void checkReadable(const std::filesystem::path& file);
/// Ready for archive_read_data; plain, or packed with gzip, bzip2, xz or zstd. @throws InputError when it is
/// empty or damaged.
ArchivePointer openArchive(const std::filesystem::path& file);
/// "gzip", "none"
std::string compressionOf(archive* reader);
/// @param where " after line 3", or "". @throws InputError with the reason that libarchive gives.
[[noreturn]] void failDamaged(const std::filesystem::path& file, archive* reader, const std::string& where);

} // namespace zipml
