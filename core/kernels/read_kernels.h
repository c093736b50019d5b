#pragma once
/// Reading memory as fast as a core can: the ceiling that training's loops are held against.

#include "core/kernels/isa.h"

#include <cstddef>
#include <cstdint>

namespace zipml {

/// Reads all of `data` and returns the xor of its 64-bit words, so that no read can be left out.
/// @param data aligned to 64 bytes. @param bytes a multiple of kReadGranule
/// @param ahead bytes from a read to the line that is fetched along with it, also past the end; 0: none
using ReadLoop = std::uint64_t (*)(const unsigned char* data, std::size_t bytes, std::size_t ahead);

/// What the most streams read in one turn.
constexpr std::size_t kReadGranule = 512;

/// Streams begin side by side, `bytes / streams` apart: more of them keep more of the memory's banks and of
/// the processor's own prefetchers busy.
struct ReadKernels {
    static constexpr std::size_t kVariants = 4;
    static constexpr int kStreams[kVariants] = {1, 2, 4, 8};
    ReadLoop read[kVariants];
};

const ReadKernels& readKernels(Isa isa);

extern const ReadKernels kReadScalar;
extern const ReadKernels kReadAvx2;
extern const ReadKernels kReadAvx512;

} // namespace zipml
