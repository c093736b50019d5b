#include "core/base/sort_floats.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

namespace zipml {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
constexpr unsigned kPasses = 3; // 33 bits: all of a float's
constexpr std::size_t kChunks = 16;
/// Below, counting 2,048 digits three times costs more than comparing.
constexpr std::size_t kFewest = 20'000;

/// Order of keys is order of floats: negative ones have all bits turned, the others their sign.
std::uint32_t keyOf(std::uint32_t bits) {
    return bits ^ ((bits >> 31) != 0 ? 0xFFFFFFFFU : 0x80000000U);
}

float floatOf(std::uint32_t key) {
    return std::bit_cast<float>(key ^ ((key >> 31) != 0 ? 0x80000000U : 0xFFFFFFFFU));
}

using Counts = std::array<std::size_t, kDigits>;

/// One stable pass of a radix sort: by the digit at `shift`, from chunk to chunk in order.
void sortByDigit(const std::vector<std::uint32_t>& from, std::vector<std::uint32_t>& to, unsigned shift,
                 ThreadTeam& team) {
    const auto begin = [&](std::size_t chunk) { return from.size() * chunk / kChunks; };
    const auto digit = [&](std::uint32_t key) { return (key >> shift) & (kDigits - 1); };
    std::vector<Counts> places(kChunks);
    team.forEachChunk(kChunks, [&](std::size_t chunk) {
        places[chunk].fill(0);
        for (std::size_t i = begin(chunk); i < begin(chunk + 1); ++i)
            ++places[chunk][digit(from[i])];
    });
    std::size_t place = 0;
    for (std::size_t d = 0; d < kDigits; ++d)
        for (auto& counts : places)
            place += std::exchange(counts[d], place);
    team.forEachChunk(kChunks, [&](std::size_t chunk) {
        for (std::size_t i = begin(chunk); i < begin(chunk + 1); ++i)
            to[places[chunk][digit(from[i])]++] = from[i];
    });
}

} // namespace

void sortFloats(std::vector<float>& values, ThreadTeam& team, const Job& job) {
    if (values.size() < kFewest) {
        std::ranges::sort(values);
        return;
    }
    const auto begin = [&](std::size_t chunk) { return values.size() * chunk / kChunks; };
    std::vector<std::uint32_t> keys(values.size());
    team.forEachChunk(kChunks, [&](std::size_t chunk) {
        for (std::size_t i = begin(chunk); i < begin(chunk + 1); ++i)
            keys[i] = keyOf(std::bit_cast<std::uint32_t>(values[i]));
    });
    std::vector<std::uint32_t> other(values.size());
    for (unsigned pass = 0; pass < kPasses; ++pass) {
        job.checkpoint();
        sortByDigit(keys, other, pass * kDigitBits, team);
        keys.swap(other);
    }
    team.forEachChunk(kChunks, [&](std::size_t chunk) {
        for (std::size_t i = begin(chunk); i < begin(chunk + 1); ++i)
            values[i] = floatOf(keys[i]);
    });
}

} // namespace zipml
