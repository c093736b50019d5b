#include "core/tomography/code_stream.h"

#include <array>
#include <cstring>
#include <utility>

namespace zipml {
namespace {

/// Eight codes are kBits bytes, so that every shift is known to the compiler.
template <int kBits>
void unpack(const unsigned char* from, std::size_t count, std::uint16_t* to) {
    constexpr auto kMask = (1U << kBits) - 1U;
    for (std::size_t i = 0; i < count; i += 8, from += kBits, to += 8)
        for (unsigned k = 0; k < 8; ++k) {
            std::uint32_t word = 0;
            std::memcpy(&word, from + k * kBits / 8, sizeof word);
            to[k] = static_cast<std::uint16_t>((word >> (k * kBits % 8)) & kMask);
        }
}

using Unpack = void (*)(const unsigned char*, std::size_t, std::uint16_t*);
template <std::size_t... kIndex>
constexpr std::array<Unpack, sizeof...(kIndex)> unpackers(std::index_sequence<kIndex...>) {
    return {unpack<static_cast<int>(kIndex) + 1>...};
}
constexpr auto kUnpackers = unpackers(std::make_index_sequence<kMostStreamBits>{});

} // namespace

void packCodes(const std::uint32_t* codes, std::size_t count, int bits, unsigned char* to) {
    std::uint64_t waiting = 0;
    int held = 0;
    for (std::size_t i = 0; i < count; ++i) {
        waiting |= std::uint64_t{codes[i]} << held;
        for (held += bits; held >= 8; held -= 8, waiting >>= 8)
            *to++ = static_cast<unsigned char>(waiting);
    }
    if (held > 0)
        *to = static_cast<unsigned char>(waiting);
}

void unpackCodes(const unsigned char* from, std::size_t count, int bits, std::uint16_t* to) {
    kUnpackers[static_cast<std::size_t>(bits - 1)](from, count, to);
}

} // namespace zipml
