#pragma once
/// The loop of weave_kernels.h over a vector type V, compiled once for each instruction set.

#include "core/kernels/weave_kernels.h"

#define UNROLL _Pragma("GCC unroll 16")

namespace zipml {
namespace {

/// Of the bits of a and b, those of `mask`, b's moved up to lie beside a's; and the others, a's moved down.
template <class V, int kShift, int kMask>
inline void interleave(V a, V b, V& low, V& high) {
    const V mask = V::bytes(kMask);
    low = V::select(mask, a, V::template shiftLeft<kShift>(b));
    high = V::select(mask, V::template shiftRight<kShift>(a), b);
}

/// Four planes, the least significant first, to four vectors of two 4-bit codes a byte: a transposition of
/// bits in two steps. Of the byte's bits, result q has bit q in its low nibble and bit q + 4 in the high one.
template <class V>
inline void joinFour(const V* planes, V* codes) {
    V even01, odd01, even23, odd23;
    interleave<V, 1, 0x55>(planes[0], planes[1], even01, odd01);
    interleave<V, 1, 0x55>(planes[2], planes[3], even23, odd23);
    interleave<V, 2, 0x33>(even01, even23, codes[0], codes[2]);
    interleave<V, 2, 0x33>(odd01, odd23, codes[1], codes[3]);
}

/// From kCount digits and the plane that is added, the four vectors of low codes, and of high ones where
/// kCount > 3. `load(plane)` gives a plane's part of them.
template <class V, int kCount, class Load>
inline void joinVectors(const Planes& planes, const Load& load, V* low, V* high) {
    V sum[8];
    UNROLL for (int i = kCount + 1; i < 8; ++i) sum[i] = V::bytes(0);
    V carry = load(planes.up);
    UNROLL for (int i = 0; i < kCount; ++i) {
        const V digit = load(planes.digits[i]);
        sum[i] = V::exclusiveOr(digit, carry);
        carry = V::both(digit, carry);
    }
    sum[kCount] = carry;
    joinFour(sum, low);
    if constexpr (kCount > 3)
        joinFour(sum + 4, high);
}

/// A plane's bytes from `at` on. Planes are several streams, too many for the processor to foresee.
template <class V>
inline V loadPlane(const unsigned char* plane, std::size_t at) {
    constexpr std::size_t kAhead = 512;
    __builtin_prefetch(plane + at + kAhead);
    return V::load(plane + at);
}

/// The loop for a fixed number of digits, so that the sum's bits stay in registers.
template <class V, int kCount>
void joinDigits(const Planes& planes, std::size_t lines, unsigned char* low, unsigned char* high) {
    for (std::size_t at = 0; at < 64 * lines; at += V::kBytes) {
        V codes[2][4];
        joinVectors<V, kCount>(
            planes, [at](const unsigned char* plane) { return loadPlane<V>(plane, at); }, codes[0], codes[1]);
        const std::size_t line = at / 64 * 256 + at % 64;
        UNROLL for (int q = 0; q < 4; ++q) codes[0][q].store(low + line + 64 * static_cast<std::size_t>(q));
        if constexpr (kCount > 3)
            UNROLL for (int q = 0; q < 4; ++q) codes[1][q].store(high + line +
                                                                 64 * static_cast<std::size_t>(q));
    }
}

template <class V>
void join(const Planes& planes, std::size_t lines, unsigned char* low, unsigned char* high) {
    using Loop = void (*)(const Planes&, std::size_t, unsigned char*, unsigned char*);
    constexpr Loop kLoops[] = {joinDigits<V, 0>, joinDigits<V, 1>, joinDigits<V, 2>, joinDigits<V, 3>,
                               joinDigits<V, 4>, joinDigits<V, 5>, joinDigits<V, 6>, joinDigits<V, 7>};
    kLoops[planes.count](planes, lines, low, high);
}

} // namespace
} // namespace zipml
