#include "core/data/formats/zip_member.h"

#include "core/base/error.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>

namespace zipml {

void ZipReader::Close::operator()(archive* reader) const {
    archive_read_free(reader);
}

ZipReader::ZipReader(const std::filesystem::path& file) : file_(file), reader_(archive_read_new()) {
    checkReadable(file);
    constexpr std::size_t kReadBytes = 1 << 18;
    // The reader by the directory at the end alone: the other one takes what looks like members, cut off or
    // not.
    archive_read_support_format_zip_seekable(reader_.get());
    if (archive_read_open_filename(reader_.get(), file.c_str(), kReadBytes) != ARCHIVE_OK)
        failDamaged(file, "no zip directory stands at its end", "");
}

ZipReader::~ZipReader() = default;

std::string ZipReader::reason() const {
    const char* text = archive_error_string(reader_.get());
    std::string reason = text == nullptr ? "unknown error" : text;
    std::ranges::replace(reason, '\n', ' ');
    return reason;
}

bool ZipReader::next(std::string& name) {
    archive_entry* entry = nullptr;
    const int state = archive_read_next_header(reader_.get(), &entry);
    if (state == ARCHIVE_EOF)
        return false;
    if (state != ARCHIVE_OK && state != ARCHIVE_WARN)
        failDamaged(
            file_,
            reason() == "Unrecognized archive format" ? "no zip directory stands at its end" : reason(), "");
    if (archive_entry_is_encrypted(entry) != 0)
        throw InputError(file_.string() + ": is an encrypted archive; unpack it with its password");
    const char* path = archive_entry_pathname_utf8(entry);
    path = path == nullptr ? archive_entry_pathname(entry) : path;
    name = path == nullptr ? "" : path;
    fault_.clear();
    return true;
}

std::size_t ZipReader::read(char* bytes, std::size_t most) {
    if (!fault_.empty())
        return 0;
    const auto count = archive_read_data(reader_.get(), bytes, most);
    if (count < 0)
        fault_ = reason();
    return static_cast<std::size_t>(std::max<la_ssize_t>(count, 0));
}

std::unique_ptr<ByteReader> openZipMember(const std::filesystem::path& file, const std::string& name) {
    auto reader = std::make_unique<ZipReader>(file);
    for (std::string found; reader->next(found);)
        if (found == name)
            return reader;
    throw InputError(file.string() + ": has no member '" + name +
                     "' any more; another program changes the file");
}

} // namespace zipml
