#pragma once
/// Codes of a fixed number of bits one after the other, the lowest bit first, without padding between them.

#include <cstddef>
#include <cstdint>

namespace zipml {

constexpr int kMostStreamBits = 13;
/// unpackCodes reads this far past a stream's end and writes up to 7 codes more than asked for.
constexpr std::size_t kStreamSlack = 16;

inline std::size_t streamBytes(std::size_t codes, int bits) {
    return (codes * static_cast<std::size_t>(bits) + 7) / 8;
}
/// @param bits 1..kMostStreamBits; the codes fit into them
void packCodes(const std::uint32_t* codes, std::size_t count, int bits, unsigned char* to);
void unpackCodes(const unsigned char* from, std::size_t count, int bits, std::uint16_t* to);

} // namespace zipml
