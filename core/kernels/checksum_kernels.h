#pragma once
/// CRC-32C (Castagnoli's polynomial 0x1EDC6F41, RFC 3720 section 12.1): what the blocks of a file are held
/// against. It finds every change of up to 3 bits, and every run of up to 32 changed bits, in a block of up to
/// 256 MB; of other changes it misses one in 2^32.

#include "core/kernels/isa.h"

#include <cstddef>
#include <cstdint>

namespace zipml {

struct ChecksumKernels {
    /// The checksum of what had the checksum `before` (0: of nothing) and of these bytes behind it.
    std::uint32_t (*checksum)(std::uint32_t before, const unsigned char* bytes, std::size_t count);
    /// Those of blocks that follow one another, each by itself. @param sums one a block
    void (*ofBlocks)(const unsigned char* first, std::size_t blockBytes, std::size_t blocks,
                     std::uint32_t* sums);
};

const ChecksumKernels& checksumKernels(Isa isa);

extern const ChecksumKernels kChecksumScalar;
extern const ChecksumKernels kChecksumAvx2;

} // namespace zipml
