#if defined(__x86_64__)
#include "core/kernels/checksum_kernels.h"

#include <immintrin.h>

namespace zipml {
namespace {

unsigned long long next(unsigned long long rest, const unsigned char* bytes) {
    unsigned long long word = 0;
    __builtin_memcpy(&word, bytes, sizeof word);
    return _mm_crc32_u64(rest, word);
}

std::uint32_t finish(unsigned long long rest, const unsigned char* bytes, std::size_t count) {
    for (; count >= 8; count -= 8, bytes += 8)
        rest = next(rest, bytes);
    auto last = static_cast<std::uint32_t>(rest);
    for (; count > 0; --count, ++bytes)
        last = _mm_crc32_u8(last, *bytes);
    return ~last;
}

std::uint32_t checksum(std::uint32_t before, const unsigned char* bytes, std::size_t count) {
    return finish(~before, bytes, count);
}

/// The instruction takes 3 cycles and one begins each cycle: three blocks at a time keep it busy.
void ofBlocks(const unsigned char* first, std::size_t blockBytes, std::size_t blocks, std::uint32_t* sums) {
    const std::size_t whole = blockBytes / 8 * 8;
    for (; blocks >= 3; blocks -= 3, first += 3 * blockBytes, sums += 3) {
        const unsigned char* second = first + blockBytes;
        const unsigned char* third = second + blockBytes;
        unsigned long long a = 0xFFFFFFFFU, b = a, c = a;
        for (std::size_t at = 0; at < whole; at += 8) {
            a = next(a, first + at);
            b = next(b, second + at);
            c = next(c, third + at);
        }
        sums[0] = finish(a, first + whole, blockBytes - whole);
        sums[1] = finish(b, second + whole, blockBytes - whole);
        sums[2] = finish(c, third + whole, blockBytes - whole);
    }
    for (std::size_t block = 0; block < blocks; ++block)
        sums[block] = checksum(0, first + block * blockBytes, blockBytes);
}

} // namespace

constinit const ChecksumKernels kChecksumAvx2{checksum, ofBlocks};

} // namespace zipml
#endif
