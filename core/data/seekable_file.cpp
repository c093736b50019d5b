#include "core/data/seekable_file.h"

#include "core/base/error.h"
#include "core/data/byte_reader.h"
#include "core/data/memory_limit.h"

#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace zipml {

SeekableFile::SeekableFile(const std::filesystem::path& file, std::uint64_t memoryLimitBytes)
    : name_(file), path_(file), compression_(ByteReader::open(file)->compression()) {
    try {
        if (compression_ != "none")
            unpack(memoryLimitBytes);
        else
            bytes_ = std::filesystem::file_size(file);
    } catch (...) {
        if (memory_ >= 0)
            close(memory_);
        throw;
    }
}

SeekableFile::~SeekableFile() {
    if (memory_ >= 0)
        close(memory_);
}

void SeekableFile::unpack(std::uint64_t memoryLimitBytes) {
    memory_ = memfd_create("zipml", MFD_CLOEXEC);
    if (memory_ < 0)
        throw RunError(name_.string() +
                       ": the system gives no memory to unpack it; unpack it to a file first");
    path_ = "/proc/self/fd/" + std::to_string(memory_);
    const auto reader = ByteReader::open(name_);
    std::vector<char> piece(std::size_t{1} << 20);
    while (true) {
        const std::size_t got = reader->read(piece.data(), piece.size());
        if (!reader->fault().empty())
            failDamaged(name_, reader->fault(), "");
        if (got == 0)
            return;
        bytes_ += got;
        requireMemory(name_, static_cast<double>(bytes_), memoryLimitBytes);
        for (std::size_t done = 0; done < got;) {
            const auto wrote = write(memory_, piece.data() + done, got - done);
            if (wrote <= 0)
                throw RunError(name_.string() + ": there is no memory left to unpack it");
            done += static_cast<std::size_t>(wrote);
        }
    }
}

} // namespace zipml
