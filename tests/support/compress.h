#pragma once
/// Writes compressed files for loader tests, with libarchive's filters.

#include <archive.h>
#include <archive_entry.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace zipml::test {

/// @param filter "none", "gzip", "bzip2", "xz" or "zstd"
inline void writeCompressed(const std::filesystem::path& file, const std::string& contents,
                            const std::string& filter) {
    archive* writer = archive_write_new();
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, "data");
    archive_entry_set_filetype(entry, AE_IFREG);
    bool good =
        archive_write_set_format_raw(writer) == ARCHIVE_OK &&
        (filter == "none" || archive_write_add_filter_by_name(writer, filter.c_str()) == ARCHIVE_OK) &&
        archive_write_open_filename(writer, file.c_str()) == ARCHIVE_OK &&
        archive_write_header(writer, entry) == ARCHIVE_OK &&
        archive_write_data(writer, contents.data(), contents.size()) ==
            static_cast<la_ssize_t>(contents.size());
    good = archive_write_close(writer) == ARCHIVE_OK && good;
    archive_entry_free(entry);
    archive_write_free(writer);
    if (!good)
        throw std::runtime_error("cannot write " + file.string() + " with " + filter);
}

} // namespace zipml::test
