#include "core/data/unpack_file.h"

#include "core/base/error.h"
#include "core/data/gzip_check.h"
#include "core/data/open_archive.h"

#include <archive.h>

namespace zipml {

std::string unpackFile(const std::filesystem::path& file, std::size_t most) {
    checkReadable(file);
    const ArchivePointer archive = openArchive(file);
    const bool gzip = compressionOf(archive.get()) == "gzip";
    GzipCheck check;
    std::string bytes;
    while (true) {
        constexpr std::size_t kAtOnce = std::size_t{1} << 20;
        const std::size_t size = bytes.size();
        bytes.resize(size + kAtOnce);
        const auto got = archive_read_data(archive.get(), bytes.data() + size, kAtOnce);
        bytes.resize(size + static_cast<std::size_t>(got > 0 ? got : 0));
        if (got < 0)
            failDamaged(file, archive.get(), "");
        if (bytes.size() > most)
            throw InputError(file.string() + ": is larger than the " + std::to_string(most >> 20) +
                             " MB that are read at most");
        if (gzip)
            check.add(std::string_view(bytes).substr(size));
        if (got == 0)
            break;
    }
    if (gzip && !check.agrees(file, static_cast<std::uint64_t>(archive_filter_bytes(archive.get(), -1))))
        throw InputError(file.string() + ": is damaged: its checksum is wrong; get or pack the file again");
    return bytes;
}

} // namespace zipml
