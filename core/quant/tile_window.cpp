#include "core/quant/tile_window.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>

namespace zipml {
namespace {

constexpr std::uint64_t kPage = 4096;

} // namespace

TileWindow::TileWindow(const StoreFile& file) : file_(file), tileBytes_(file.header().layout().tileBytes()) {}

TileWindow::~TileWindow() {
    unmap();
}

void TileWindow::unmap() {
    if (mapped_ != nullptr)
        ::munmap(mapped_, mappedBytes_);
    mapped_ = nullptr;
    begin_ = end_ = 0;
}

void TileWindow::move(std::size_t begin, std::size_t end, std::size_t next, std::size_t nextEnd) {
    if (begin != begin_ || end != end_)
        unmap(); // before the next one is mapped, so that address space for one is enough
    if (mapped_ == nullptr && begin < end) {
        const std::uint64_t at = file_.places().codes + begin * tileBytes_;
        const std::uint64_t from = at / kPage * kPage;
        mappedBytes_ = static_cast<std::size_t>(at - from) + (end - begin) * tileBytes_ + kLineBytes;
        void* mapped = ::mmap(nullptr, mappedBytes_, PROT_READ, MAP_SHARED, file_.descriptor(),
                              static_cast<off_t>(from));
        if (mapped == MAP_FAILED)
            throw InputError(file_.path().string() + ": " + std::to_string(mappedBytes_ >> 20U) +
                             " MB of it cannot be mapped (" + std::strerror(errno) +
                             "); use a smaller batch or a higher memory limit");
        mapped_ = mapped;
        ::madvise(mapped_, mappedBytes_, MADV_WILLNEED);
        begin_ = begin;
        end_ = end;
        data_ = static_cast<const unsigned char*>(mapped_) + (at - from);
    }
    if (nextEnd > next)
        ::posix_fadvise(file_.descriptor(), static_cast<off_t>(file_.places().codes + next * tileBytes_),
                        static_cast<off_t>((nextEnd - next) * tileBytes_), POSIX_FADV_WILLNEED);
}

} // namespace zipml
