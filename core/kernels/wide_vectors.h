#pragma once
/// Vectors of 8 or 16 numbers on every instruction set, so that all sets give the same bits: the compiler's
/// own where the processor has registers of 64 bytes, else two halves of 32 bytes. What the compiler is left
/// to do with vectors wider than a register it does number by number, which takes several times as long
/// (-Wvector-operation-performance tells).
///
/// Included by files of one instruction set each (isa.h).

#include <cstddef>
#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace zipml {
namespace {

constexpr std::size_t kWide = 8;

typedef float Floats __attribute__((vector_size(32)));
typedef std::int32_t Ints __attribute__((vector_size(32)));
typedef std::uint16_t WideShorts __attribute__((vector_size(32)));
typedef std::int8_t WideBytes __attribute__((vector_size(16)));

#if defined(__AVX512F__)

typedef double Doubles __attribute__((vector_size(64)));
typedef float WideFloats __attribute__((vector_size(64)));
typedef std::int32_t WideInts __attribute__((vector_size(64)));

inline Floats toFloats(Doubles v) {
    return __builtin_convertvector(v, Floats);
}
inline Doubles toDoubles(Floats v) {
    return __builtin_convertvector(v, Doubles);
}
inline Doubles toDoubles(Ints v) {
    return __builtin_convertvector(v, Doubles);
}
inline WideFloats joined(Floats low, Floats high) {
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
template <class Half, class Wide>
inline Half halfOf(Wide v, int half) {
    return half == 0 ? __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
                     : __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
}
inline WideFloats toFloats(WideInts v) {
    return __builtin_convertvector(v, WideFloats);
}
inline WideFloats toFloats(WideShorts v) {
    return reinterpret_cast<WideFloats>(
        _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(v))));
}
inline WideInts toInts(WideFloats v) {
    return __builtin_convertvector(v, WideInts);
}
inline WideInts toInts(WideBytes v) {
    return reinterpret_cast<WideInts>(_mm512_cvtepi8_epi32(reinterpret_cast<__m128i>(v)));
}
/// @param v of -128..127
inline WideBytes toBytes(WideInts v) {
    return reinterpret_cast<WideBytes>(_mm512_cvtepi32_epi8(reinterpret_cast<__m512i>(v)));
}

#else

typedef double FourDoubles __attribute__((vector_size(32)));

template <class Part>
struct Halves {
    Part half[2];
};
using Doubles = Halves<FourDoubles>;
using WideFloats = Halves<Floats>;
using WideInts = Halves<Ints>;

template <class Part>
struct Element;
template <>
struct Element<FourDoubles> {
    typedef double Type;
};
template <>
struct Element<Floats> {
    typedef float Type;
};
template <>
struct Element<Ints> {
    typedef std::int32_t Type;
};

#define HALVES_OPERATOR(op)                                                                                  \
    template <class Part>                                                                                    \
    inline Halves<Part> operator op(const Halves<Part>& a, const Halves<Part>& b) {                          \
        return {a.half[0] op b.half[0], a.half[1] op b.half[1]};                                             \
    }                                                                                                        \
    template <class Part>                                                                                    \
    inline Halves<Part> operator op(const Halves<Part>& a, typename Element<Part>::Type b) {                 \
        return {a.half[0] op b, a.half[1] op b};                                                             \
    }                                                                                                        \
    template <class Part>                                                                                    \
    inline Halves<Part> operator op(typename Element<Part>::Type a, const Halves<Part>& b) {                 \
        return {a op b.half[0], a op b.half[1]};                                                             \
    }                                                                                                        \
    template <class Part, class Other>                                                                       \
    inline Halves<Part>& operator op##=(Halves<Part>& a, const Other& b) {                                   \
        return a = a op b;                                                                                   \
    }
HALVES_OPERATOR(+)
HALVES_OPERATOR(-)
HALVES_OPERATOR(*)
HALVES_OPERATOR(&)
HALVES_OPERATOR(>>)
HALVES_OPERATOR(<<)
#undef HALVES_OPERATOR

template <class Part>
inline Halves<Part> larger(const Halves<Part>& a, const Halves<Part>& b) {
    return {a.half[0] > b.half[0] ? a.half[0] : b.half[0], a.half[1] > b.half[1] ? a.half[1] : b.half[1]};
}
template <class Part>
inline Halves<Part> smaller(const Halves<Part>& a, const Halves<Part>& b) {
    return {a.half[0] < b.half[0] ? a.half[0] : b.half[0], a.half[1] < b.half[1] ? a.half[1] : b.half[1]};
}
template <class Part>
inline Halves<Part> sizeOf(const Halves<Part>& v) {
    return {v.half[0] < 0 ? -v.half[0] : v.half[0], v.half[1] < 0 ? -v.half[1] : v.half[1]};
}

typedef float FourFloats __attribute__((vector_size(16)));
typedef std::int32_t FourInts __attribute__((vector_size(16)));
typedef std::uint16_t EightShorts __attribute__((vector_size(16)));

inline Floats toFloats(const Doubles& v) {
    return __builtin_shufflevector(__builtin_convertvector(v.half[0], FourFloats),
                                   __builtin_convertvector(v.half[1], FourFloats), 0, 1, 2, 3, 4, 5, 6, 7);
}
inline Doubles toDoubles(Floats v) {
    return {__builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3), FourDoubles),
            __builtin_convertvector(__builtin_shufflevector(v, v, 4, 5, 6, 7), FourDoubles)};
}
inline Doubles toDoubles(Ints v) {
    return {__builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3), FourDoubles),
            __builtin_convertvector(__builtin_shufflevector(v, v, 4, 5, 6, 7), FourDoubles)};
}
inline WideFloats joined(Floats low, Floats high) {
    return {low, high};
}
template <class Half>
inline Half halfOf(const Halves<Half>& v, int half) {
    return v.half[half];
}
inline WideFloats toFloats(const WideInts& v) {
    return {__builtin_convertvector(v.half[0], Floats), __builtin_convertvector(v.half[1], Floats)};
}
inline WideInts toInts(const WideFloats& v) {
    return {__builtin_convertvector(v.half[0], Ints), __builtin_convertvector(v.half[1], Ints)};
}
#if defined(__AVX2__)
inline WideFloats toFloats(WideShorts v) {
    const auto shorts = reinterpret_cast<__m256i>(v);
    return toFloats(
        WideInts{reinterpret_cast<Ints>(_mm256_cvtepu16_epi32(_mm256_castsi256_si128(shorts))),
                 reinterpret_cast<Ints>(_mm256_cvtepu16_epi32(_mm256_extracti128_si256(shorts, 1)))});
}
inline WideInts toInts(WideBytes v) {
    const auto bytes = reinterpret_cast<__m128i>(v);
    return {reinterpret_cast<Ints>(_mm256_cvtepi8_epi32(bytes)),
            reinterpret_cast<Ints>(_mm256_cvtepi8_epi32(_mm_srli_si128(bytes, 8)))};
}
inline WideBytes toBytes(const WideInts& v) {
    const __m256i shorts = _mm256_permute4x64_epi64(
        _mm256_packs_epi32(reinterpret_cast<__m256i>(v.half[0]), reinterpret_cast<__m256i>(v.half[1])), 0xD8);
    return reinterpret_cast<WideBytes>(
        _mm_packs_epi16(_mm256_castsi256_si128(shorts), _mm256_extracti128_si256(shorts, 1)));
}
#else
inline WideFloats toFloats(WideShorts v) {
    WideFloats floats;
    for (std::size_t i = 0; i < 2 * kWide; ++i)
        floats.half[i / kWide][i % kWide] = static_cast<float>(v[i]);
    return floats;
}
inline WideInts toInts(WideBytes v) {
    WideInts ints;
    for (std::size_t i = 0; i < 2 * kWide; ++i)
        ints.half[i / kWide][i % kWide] = v[i];
    return ints;
}
inline WideBytes toBytes(const WideInts& v) {
    WideBytes bytes;
    for (std::size_t i = 0; i < 2 * kWide; ++i)
        bytes[i] = static_cast<std::int8_t>(v.half[i / kWide][i % kWide]);
    return bytes;
}
#endif

#endif

/// All numbers from or to memory. Half by half: a copy of 64 bytes is made in pieces that the processor cannot
/// join again while they are on their way to memory.
template <class Vector>
inline void readInto(Vector& v, const void* at) {
    __builtin_memcpy(&v, at, sizeof v);
}
template <class Vector>
inline void write(const Vector& v, void* at) {
    __builtin_memcpy(at, &v, sizeof v);
}
#if !defined(__AVX512F__)
template <class Part>
inline void readInto(Halves<Part>& v, const void* at) {
    __builtin_memcpy(&v.half[0], at, sizeof(Part));
    __builtin_memcpy(&v.half[1], static_cast<const char*>(at) + sizeof(Part), sizeof(Part));
}
template <class Part>
inline void write(const Halves<Part>& v, void* at) {
    __builtin_memcpy(at, &v.half[0], sizeof(Part));
    __builtin_memcpy(static_cast<char*>(at) + sizeof(Part), &v.half[1], sizeof(Part));
}
#endif

// Vectors that are the compiler's own.
template <class Vector>
inline Vector larger(Vector a, Vector b) {
    return a > b ? a : b;
}
template <class Vector>
inline Vector smaller(Vector a, Vector b) {
    return a < b ? a : b;
}
template <class Vector>
inline Vector sizeOf(Vector v) {
    return v < 0 ? -v : v;
}

/// 0.5 with the sign of each number.
inline Floats halfTowards(Floats v) {
    const Floats half = Floats{} + 0.5F;
    return v < 0 ? -half : half;
}
#if defined(__AVX512F__)
inline WideFloats halfTowards(WideFloats v) {
    const WideFloats half = WideFloats{} + 0.5F;
    return v < 0 ? -half : half;
}
#else
inline WideFloats halfTowards(const WideFloats& v) {
    return {halfTowards(v.half[0]), halfTowards(v.half[1])};
}
#endif

/// The first of all numbers after each half was merged into the one before it.
template <class Number, class Vector, class Merge>
inline Number acrossAll(const Vector& v, const Merge& merge) {
    constexpr std::size_t kCount = sizeof(Vector) / sizeof(Number);
    Number numbers[kCount];
    __builtin_memcpy(numbers, &v, sizeof v);
    for (std::size_t half = kCount / 2; half > 0; half /= 2)
        for (std::size_t i = 0; i < half; ++i)
            numbers[i] = merge(numbers[i], numbers[i + half]);
    return numbers[0];
}

/// The first numbers; 0 in the place of the others.
template <class Number, class Vector>
inline Vector firstOf(Vector v, std::size_t count) {
    Number numbers[sizeof(Vector) / sizeof(Number)] = {};
    __builtin_memcpy(numbers, &v, count * sizeof(Number));
    __builtin_memcpy(&v, numbers, sizeof v);
    return v;
}

} // namespace
} // namespace zipml
