#include "core/fetch/unpack.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

namespace zipml {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 18;

using Reader = std::unique_ptr<archive, int (*)(archive*)>;

[[noreturn]] void failDamaged(const std::filesystem::path& file, archive* reader) {
    const char* reason = archive_error_string(reader);
    std::string text = reason == nullptr ? "unknown error" : reason;
    std::ranges::replace(text, '\n', ' ');
    throw RunError(file.string() + ": cannot be unpacked: " + text + "; delete it and fetch it again");
}

/// Removes what it was given, unless it was kept.
class TemporaryFile {
  public:
    explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
    ~TemporaryFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

void unpackMember(archive* reader, const std::filesystem::path& file, const std::filesystem::path& target,
                  double fileBytes, const Job& job) {
    const TemporaryFile aside(target.string() + ".part");
    errno = 0;
    std::ofstream out(aside.path(), std::ios::binary | std::ios::trunc);
    std::vector<char> block(kReadBytes);
    while (out) {
        job.checkpoint();
        const auto count = archive_read_data(reader, block.data(), block.size());
        if (count < 0)
            failDamaged(file, reader);
        if (count == 0)
            break;
        out.write(block.data(), count);
        job.report(static_cast<double>(archive_filter_bytes(reader, -1)) / fileBytes,
                   "unpacking " + target.filename().string());
    }
    out.close();
    std::error_code failed;
    if (out)
        std::filesystem::rename(aside.path(), target, failed);
    if (!out || failed)
        throw RunError(target.string() + ": cannot be written: " +
                       (failed ? failed.message() : std::string(std::strerror(errno != 0 ? errno : EIO))) +
                       "; make room, or choose another folder");
}

} // namespace

void unpackMembers(const std::filesystem::path& file, std::span<const ArchiveMember> members,
                   const Job& job) {
    const Reader reader(archive_read_new(), archive_read_free);
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_bzip2(reader.get());
    archive_read_support_filter_xz(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_zip(reader.get());
    if (archive_read_open_filename(reader.get(), file.c_str(), kReadBytes) != ARCHIVE_OK)
        failDamaged(file, reader.get());
    std::error_code failed;
    const auto bytes = static_cast<double>(std::filesystem::file_size(file, failed));
    std::size_t found = 0;
    std::vector<bool> done(members.size());
    archive_entry* entry = nullptr;
    while (found < members.size()) {
        const int header = archive_read_next_header(reader.get(), &entry);
        if (header == ARCHIVE_EOF)
            break;
        if (header != ARCHIVE_OK)
            failDamaged(file, reader.get());
        const char* name = archive_entry_pathname(entry);
        for (std::size_t i = 0; i < members.size(); ++i)
            if (!done[i] && name != nullptr && members[i].name == name) {
                unpackMember(reader.get(), file, members[i].file, bytes, job);
                done[i] = true;
                ++found;
                break;
            }
    }
    for (std::size_t i = 0; i < members.size(); ++i)
        if (!done[i])
            throw RunError(file.string() + ": has no member " + members[i].name +
                           "; the archive has changed at its source");
}

} // namespace zipml
