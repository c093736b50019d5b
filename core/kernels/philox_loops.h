#pragma once
/// The loop of fillWords over a vector type V of V::kLanes blocks, one in every 64-bit lane, compiled once
/// for each instruction set.
///
/// The low half of every lane holds a word, the high half anything: a product's high word then is one shift
/// away and its low word is in place.

#include "core/kernels/round_kernels.h"

namespace zipml {
namespace {

template <class V>
void fillWords(const PhiloxWords& words, std::uint32_t* to, std::size_t stride) {
    constexpr std::uint32_t kM0 = 0xD2511F53U, kM1 = 0xCD9E8D57U; // Philox' multipliers
    constexpr std::uint32_t kW0 = 0x9E3779B9U, kW1 = 0xBB67AE85U; // what its key grows by each round
    constexpr int kRounds = 10;
    constexpr std::size_t kWords = 4 * V::kLanes; // a step
    const V m0 = V::all(kM0), m1 = V::all(kM1);
    const auto key0 = static_cast<std::uint32_t>(words.key),
               key1 = static_cast<std::uint32_t>(words.key >> 32);
    V keys0[kRounds], keys1[kRounds];
    for (std::uint32_t round = 0; round < kRounds; ++round) {
        keys0[round] = V::all(key0 + round * kW0);
        keys1[round] = V::all(key1 + round * kW1);
    }
    const V blocks = V::sum(V::all(words.block), V::places());
    const std::uint64_t product1 = std::uint64_t{kM1} * words.epoch;
    for (std::uint32_t row = 0; row < words.rows; ++row, to += stride) {
        // In round 1 all blocks of a row have the same products.
        const std::uint64_t product0 = std::uint64_t{kM0} * (words.row + row);
        const V first0 = V::all(static_cast<std::uint32_t>(product1 >> 32) ^ key0);
        const V first1 = V::all(static_cast<std::uint32_t>(product1));
        const V first2 = V::all(static_cast<std::uint32_t>(product0 >> 32) ^ words.use ^ key1);
        const V first3 = V::all(static_cast<std::uint32_t>(product0));
        V block = blocks;
        for (std::size_t begin = 0; begin < words.count; begin += kWords) {
            V c0 = V::exclusiveOr(block, first0), c1 = first1, c2 = first2, c3 = first3;
            for (int round = 1; round < kRounds; ++round) {
                const V p0 = V::product(c0, m0), p1 = V::product(c2, m1);
                c0 = V::exclusiveOr(V::highWords(p1), c1, keys0[round]);
                c2 = V::exclusiveOr(V::highWords(p0), c3, keys1[round]);
                c1 = p1;
                c3 = p0;
            }
            V::store(c0, c1, c2, c3, words.count - begin, to + begin);
            block = V::sum(block, V::all(V::kLanes));
        }
    }
}

} // namespace
} // namespace zipml
