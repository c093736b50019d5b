#pragma once
/// The loops of read_kernels.h, compiled once for each instruction set: a line is as many vectors as it takes
/// there.

#include "core/kernels/prefetch.h"
#include "core/kernels/read_kernels.h"

namespace zipml {
namespace {

constexpr std::size_t kLine = 64;
using Line = std::uint64_t __attribute__((vector_size(kLine), may_alias));

template <std::size_t kStreams>
std::uint64_t readStreams(const unsigned char* data, std::size_t bytes, std::size_t ahead) {
    static_assert(kReadGranule % (kStreams * kLine) == 0);
    const std::size_t apart = bytes / kStreams;
    Line all[kStreams] = {};
    for (std::size_t at = 0; at < apart; at += kLine) {
#pragma GCC unroll 8
        for (std::size_t stream = 0; stream < kStreams; ++stream) {
            const unsigned char* line = data + stream * apart + at;
            if (ahead != 0)
                fetchAhead(line, ahead);
            all[stream] ^= *reinterpret_cast<const Line*>(line);
        }
    }
    std::uint64_t folded = 0;
    for (const Line& line : all)
        for (std::size_t word = 0; word < kLine / sizeof folded; ++word)
            folded ^= line[word];
    return folded;
}

constexpr ReadKernels kReadLoops{{readStreams<1>, readStreams<2>, readStreams<4>, readStreams<8>}};

} // namespace
} // namespace zipml
