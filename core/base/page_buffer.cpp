#include "core/base/page_buffer.h"

#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace zipml {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kReadableAfter = 64;

} // namespace

void adviseHugePages(void* data, std::size_t bytes) {
#ifdef MADV_HUGEPAGE
    const auto address = reinterpret_cast<std::uintptr_t>(data);
    const std::uintptr_t begin = (address + kHugePage - 1) / kHugePage * kHugePage;
    const std::uintptr_t end = (address + bytes) / kHugePage * kHugePage;
    if (begin >= end)
        return;
    void* const first = static_cast<unsigned char*>(data) + (begin - address);
    ::madvise(first, end - begin, MADV_HUGEPAGE);
#endif
}

std::size_t PageBuffer::mappedBytes() const {
    const std::size_t bytes = bytes_ + kReadableAfter;
    const std::size_t unit = bytes >= kHugePage ? kHugePage : 4096;
    return (bytes + unit - 1) / unit * unit;
}

PageBuffer::PageBuffer(std::size_t bytes) : bytes_(bytes) {
    void* mapped = ::mmap(nullptr, mappedBytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
        throw std::bad_alloc();
    adviseHugePages(mapped, mappedBytes());
    data_ = static_cast<unsigned char*>(mapped);
}

PageBuffer::~PageBuffer() {
    if (data_ != nullptr)
        ::munmap(data_, mappedBytes());
}

} // namespace zipml
