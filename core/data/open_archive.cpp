#include "core/data/open_archive.h"

#include "core/base/error.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <unistd.h>

namespace zipml {
namespace {

constexpr std::size_t kReadBytes = 1 << 18;

[[noreturn]] void failEmpty(const std::filesystem::path& file) {
    throw InputError(file.string() + ": the file is empty; a data file was expected");
}

} // namespace

void CloseArchive::operator()(archive* reader) const {
    archive_read_free(reader);
}

void checkReadable(const std::filesystem::path& file) {
    std::error_code code;
    if (!std::filesystem::exists(file, code))
        throw InputError(file.string() + ": no such file; check the path");
    if (std::filesystem::is_directory(file, code))
        throw InputError(file.string() + ": is a directory; name a data file in it");
    if (::access(file.c_str(), R_OK) != 0)
        throw InputError(file.string() + ": cannot be read; check its permissions");
    if (std::filesystem::is_regular_file(file, code) && std::filesystem::file_size(file, code) == 0)
        failEmpty(file);
}

ArchivePointer openArchive(const std::filesystem::path& file) {
    ArchivePointer reader(archive_read_new());
    // Not filter_all: it also takes uuencoded text and runs external programs on what looks like their files.
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_bzip2(reader.get());
    archive_read_support_filter_xz(reader.get());
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_format_raw(reader.get());
    archive_read_support_format_empty(reader.get());
    archive_entry* entry = nullptr;
    // Opening already unpacks the first bytes.
    if (archive_read_open_filename(reader.get(), file.c_str(), kReadBytes) != ARCHIVE_OK)
        failDamaged(file, reader.get(), "");
    const int header = archive_read_next_header(reader.get(), &entry);
    if (header == ARCHIVE_EOF)
        failEmpty(file);
    if (header != ARCHIVE_OK)
        failDamaged(file, reader.get(), "");
    return reader;
}

std::string compressionOf(archive* reader) {
    const char* name = archive_filter_count(reader) > 1 ? archive_filter_name(reader, 0) : nullptr;
    return name == nullptr ? "none" : name;
}

void failDamaged(const std::filesystem::path& file, archive* reader, const std::string& where) {
    const char* reason = archive_error_string(reader);
    std::string text = reason == nullptr ? "unknown error" : reason;
    std::ranges::replace(text, '\n', ' ');
    throw InputError(file.string() + ": is damaged or cut short" + where + ": " + text +
                     "; get or pack the file again");
}

} // namespace zipml
