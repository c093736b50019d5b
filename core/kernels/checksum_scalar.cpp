#include "core/kernels/checksum_kernels.h"

#include <array>

namespace zipml {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78; ///< bit-reversed: the lowest bit comes first

/// Of each byte; table k with k zero bytes behind it, so that 8 bytes are looked up at a time.
constexpr auto kTables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit)
            rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? kPolynomial : 0U);
        tables[0][byte] = rest;
    }
    for (std::size_t k = 1; k < tables.size(); ++k)
        for (std::size_t byte = 0; byte < 256; ++byte)
            tables[k][byte] = (tables[k - 1][byte] >> 8U) ^ tables[0][tables[k - 1][byte] & 0xFFU];
    return tables;
}();

std::uint32_t checksum(std::uint32_t before, const unsigned char* bytes, std::size_t count) {
    std::uint32_t rest = ~before;
    for (; count >= 8; count -= 8, bytes += 8) {
        std::uint32_t next = 0;
        for (std::size_t k = 0; k < 8; ++k) {
            const std::uint32_t byte = bytes[k] ^ (k < 4 ? rest >> (8 * k) & 0xFFU : 0U);
            next ^= kTables[7 - k][byte];
        }
        rest = next;
    }
    for (; count > 0; --count, ++bytes)
        rest = (rest >> 8U) ^ kTables[0][(rest ^ *bytes) & 0xFFU];
    return ~rest;
}

void ofBlocks(const unsigned char* first, std::size_t blockBytes, std::size_t blocks, std::uint32_t* sums) {
    for (std::size_t block = 0; block < blocks; ++block)
        sums[block] = checksum(0, first + block * blockBytes, blockBytes);
}

} // namespace

constinit const ChecksumKernels kChecksumScalar{checksum, ofBlocks};

} // namespace zipml
