#pragma once
/// The loops of read_kernels.h, compiled once for each instruction set: a line is as many vectors as it takes
/// there.

#include "core/kernels/prefetch.h"
#include "core/kernels/read_kernels.h"

namespace zipml {
namespace {

constexpr std::size_t kLine = 64;
// What is wider than a register would be taken word by word.
#if defined(__AVX512F__)
constexpr std::size_t kVector = 64;
#elif defined(__AVX2__)
constexpr std::size_t kVector = 32;
#else
constexpr std::size_t kVector = 16;
#endif
using Vector = std::uint64_t __attribute__((vector_size(kVector), may_alias));
constexpr std::size_t kVectors = kLine / kVector;

template <std::size_t kStreams>
std::uint64_t readStreams(const unsigned char* data, std::size_t bytes, std::size_t ahead) {
    static_assert(kReadGranule % (kStreams * kLine) == 0);
    const std::size_t apart = bytes / kStreams;
    Vector all[kStreams * kVectors] = {};
    for (std::size_t at = 0; at < apart; at += kLine) {
#pragma GCC unroll 8
        for (std::size_t stream = 0; stream < kStreams; ++stream) {
            const unsigned char* line = data + stream * apart + at;
            if (ahead != 0)
                fetchAhead(line, ahead);
#pragma GCC unroll 4
            for (std::size_t v = 0; v < kVectors; ++v)
                all[stream * kVectors + v] ^= *reinterpret_cast<const Vector*>(line + v * kVector);
        }
    }
    std::uint64_t folded = 0;
    for (const Vector& vector : all)
        for (std::size_t word = 0; word < kVector / sizeof folded; ++word)
            folded ^= vector[word];
    return folded;
}

constexpr ReadKernels kReadLoops{{readStreams<1>, readStreams<2>, readStreams<4>, readStreams<8>}};

} // namespace
} // namespace zipml
