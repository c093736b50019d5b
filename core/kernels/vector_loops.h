#pragma once
/// The loops of vector_kernels.h on the compiler's own vectors, which it makes of whatever the instruction
/// set of the including file has (isa.h). They are 8 or 16 numbers wide everywhere, so that all sets give
/// the same bits.

#include "core/kernels/vector_kernels.h"

namespace zipml {
namespace {

constexpr std::size_t kWide = 8;

typedef double Doubles __attribute__((vector_size(64)));
typedef float Floats __attribute__((vector_size(32)));
typedef std::int32_t Ints __attribute__((vector_size(32)));
typedef float WideFloats __attribute__((vector_size(64)));
typedef std::int32_t WideInts __attribute__((vector_size(64)));
typedef std::uint16_t WideShorts __attribute__((vector_size(32)));
typedef std::int8_t WideBytes __attribute__((vector_size(16)));

/// Reads or writes `count` <= 8 numbers, the missing ones being 0.
template <class Vector, class Number>
inline Vector load(const Number* at, std::size_t count = kWide) {
    Vector vector{};
    if (count == kWide)
        __builtin_memcpy(&vector, at, sizeof vector);
    else
        for (std::size_t i = 0; i < count; ++i)
            vector[i] = static_cast<decltype(vector[0] + 0)>(at[i]);
    return vector;
}

template <class Vector, class Number>
inline void store(Number* at, const Vector& vector, std::size_t count = kWide) {
    if (count == kWide)
        __builtin_memcpy(at, &vector, sizeof vector);
    else
        for (std::size_t i = 0; i < count; ++i)
            at[i] = vector[i];
}

inline Doubles all(double value) {
    return Doubles{} + value;
}

inline Doubles larger(Doubles a, Doubles b) {
    return a > b ? a : b;
}

inline Doubles sizeOf(Doubles value) {
    return value < 0 ? -value : value;
}

inline double sum(Doubles a, Doubles b) {
    const Doubles both = a + b;
    return ((both[0] + both[4]) + (both[2] + both[6])) + ((both[1] + both[5]) + (both[3] + both[7]));
}

inline double largest(Doubles a, Doubles b) {
    const Doubles both = larger(a, b);
    double most = 0;
    for (std::size_t i = 0; i < kWide; ++i)
        most = both[i] > most ? both[i] : most;
    return most;
}

/// Calls visit(first index, how many, which of two accumulators): 8 at a time, the rest at the end.
template <class Visit>
inline void forEach(std::size_t n, const Visit& visit) {
    std::size_t i = 0;
    for (; i + 2 * kWide <= n; i += 2 * kWide) {
        visit(i, kWide, 0);
        visit(i + kWide, kWide, 1);
    }
    if (i + kWide <= n) {
        visit(i, kWide, 0);
        i += kWide;
    }
    if (i < n)
        visit(i, n - i, 1);
}

inline double products(const double* a, const double* b, std::size_t n, double* out) {
    Doubles most[2] = {};
    forEach(n, [&](std::size_t i, std::size_t count, int lane) {
        const Doubles value = load<Doubles>(a + i, count) * load<Doubles>(b + i, count);
        store(out + i, value, count);
        most[lane] = larger(sizeOf(value), most[lane]);
    });
    return largest(most[0], most[1]);
}

inline double dot(const double* a, const double* b, std::size_t n) {
    Doubles sums[2] = {};
    forEach(n, [&](std::size_t i, std::size_t count, int lane) {
        sums[lane] += load<Doubles>(a + i, count) * load<Doubles>(b + i, count);
    });
    return sum(sums[0], sums[1]);
}

/// Puts the result of `merge` over all 16 lanes into every lane.
template <class Vector, class Merge>
inline Vector acrossLanes(Vector v, const Merge& merge) {
    v = merge(v, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    v = merge(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    v = merge(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    return merge(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
}

/// 16 numbers at a time, the last ones as far as there are any: visit(first index, how many).
template <class Visit>
inline void forEachWide(std::size_t n, const Visit& visit) {
    std::size_t i = 0;
    for (; i + 2 * kWide <= n; i += 2 * kWide)
        visit(i, 2 * kWide);
    if (i < n)
        visit(i, n - i);
}

inline WideFloats loadWide(const float* at, std::size_t count) {
    WideFloats v{};
    __builtin_memcpy(&v, at, count * sizeof(float));
    return v;
}

inline WideFloats loadWide(const double* at, std::size_t count) {
    const Floats low = __builtin_convertvector(load<Doubles>(at, count < kWide ? count : kWide), Floats);
    const Floats high =
        __builtin_convertvector(count > kWide ? load<Doubles>(at + kWide, count - kWide) : Doubles{}, Floats);
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

template <class Number>
inline std::int64_t roundNumbers(const Number* v, double perUnit, const std::uint16_t* draws, std::size_t n,
                                 std::int8_t* out) {
    constexpr int kOffset = 128; // makes all values positive, so that truncation rounds down
    const auto scale = static_cast<float>(perUnit);
    WideInts sums{};
    forEachWide(n, [&](std::size_t i, std::size_t count) {
        const WideFloats place = loadWide(v + i, count) * scale + static_cast<float>(kOffset);
        const WideInts lower = __builtin_convertvector(place, WideInts);
        const WideFloats fraction = place - __builtin_convertvector(lower, WideFloats);
        const WideInts limit = __builtin_convertvector(fraction * 65536.0F + 0.5F, WideInts);
        WideShorts drawn{};
        __builtin_memcpy(&drawn, draws + i, count * sizeof(std::uint16_t));
        WideInts level = lower - kOffset - (__builtin_convertvector(drawn, WideInts) < limit); // true is -1
        // The largest element may come out a hair above its 127 steps.
        level = level < 127 ? level : WideInts{} + 127;
        level = level > -127 ? level : WideInts{} - 127;
        for (std::size_t missing = count; missing < 2 * kWide; ++missing)
            level[missing] = 0;
        const WideBytes bytes = __builtin_convertvector(level, WideBytes);
        __builtin_memcpy(out + i, &bytes, count);
        sums += level;
    });
    return acrossLanes(sums, [](WideInts a, WideInts b) { return a + b; })[0];
}

inline std::int64_t round(const double* v, double perUnit, const std::uint16_t* draws, std::size_t n,
                          std::int8_t* out) {
    return roundNumbers(v, perUnit, draws, n, out);
}

inline std::int64_t roundFloats(const float* v, double perUnit, const std::uint16_t* draws, std::size_t n,
                                std::int8_t* out) {
    return roundNumbers(v, perUnit, draws, n, out);
}

inline double toFloats(const double* v, std::size_t n, float* out) {
    Doubles sums[2] = {};
    forEach(n, [&](std::size_t i, std::size_t count, int lane) {
        const Floats value = __builtin_convertvector(load<Doubles>(v + i, count), Floats);
        store(out + i, value, count);
        sums[lane] += __builtin_convertvector(value, Doubles);
    });
    return sum(sums[0], sums[1]);
}

template <class Vector, class Number>
inline void addScaledNumbers(const Number* sums, double scale, std::size_t n, double* total) {
    forEach(n, [&](std::size_t i, std::size_t count, int) {
        const Doubles numbers = __builtin_convertvector(load<Vector>(sums + i, count), Doubles);
        store(total + i, load<Doubles>(total + i, count) + scale * numbers, count);
    });
}

inline void addScaled(const std::int32_t* sums, double scale, std::size_t n, double* total) {
    addScaledNumbers<Ints>(sums, scale, n, total);
}

inline void addScaledFloats(const float* sums, double scale, std::size_t n, double* total) {
    addScaledNumbers<Floats>(sums, scale, n, total);
}

template <class Sums, class Sum>
float combineTerms(const Term<Sum>* terms, std::size_t termCount, double offset, const float* labels,
                   std::size_t n, float* out) {
    WideFloats most{};
    forEachWide(n, [&](std::size_t i, std::size_t count) {
        WideFloats value = WideFloats{} + static_cast<float>(offset);
        for (std::size_t t = 0; t < termCount; ++t) {
            Sums sums{};
            __builtin_memcpy(&sums, terms[t].sums + i, count * sizeof(Sum));
            value += static_cast<float>(terms[t].scale) * __builtin_convertvector(sums, WideFloats);
        }
        if (labels != nullptr)
            value -= loadWide(labels + i, count);
        for (std::size_t missing = count; missing < 2 * kWide; ++missing)
            value[missing] = 0;
        __builtin_memcpy(out + i, &value, count * sizeof(float));
        const WideFloats size = value < 0 ? -value : value;
        most = size > most ? size : most;
    });
    return acrossLanes(most, [](WideFloats a, WideFloats b) { return a > b ? a : b; })[0];
}

inline float combine(const Term<std::int32_t>* terms, std::size_t termCount, double offset,
                     const float* labels, std::size_t n, float* out) {
    return combineTerms<WideInts>(terms, termCount, offset, labels, n, out);
}

inline float combineFloats(const Term<float>* terms, std::size_t termCount, double offset,
                           const float* labels, std::size_t n, float* out) {
    return combineTerms<WideFloats>(terms, termCount, offset, labels, n, out);
}

inline void gradient(const double* codes, double centre, double scale, const double* slope,
                     const double* middle, double shared, std::size_t n, double* out) {
    forEach(n, [&](std::size_t i, std::size_t count, int) {
        const Doubles steps =
            load<Doubles>(slope + i, count) * (scale * (load<Doubles>(codes + i, count) - centre));
        store(out + i, load<Doubles>(middle + i, count) * shared + steps, count);
    });
}

inline void subtractProducts(const double* a, const double* b, double scale, std::size_t n, double* out) {
    forEach(n, [&](std::size_t i, std::size_t count, int) {
        const Doubles value = scale * load<Doubles>(a + i, count) * load<Doubles>(b + i, count);
        store(out + i, load<Doubles>(out + i, count) - value, count);
    });
}

inline void subtractScaled(const double* a, double scale, std::size_t n, double* out) {
    forEach(n, [&](std::size_t i, std::size_t count, int) {
        store(out + i, load<Doubles>(out + i, count) - scale * load<Doubles>(a + i, count), count);
    });
}

inline void keepBits(const unsigned char* __restrict bits, std::size_t n, unsigned char* __restrict out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = static_cast<unsigned char>(out[i] & bits[i]);
}

constexpr VectorKernels kLoops{
    products, dot,           round,    roundFloats,      toFloats,       addScaled, addScaledFloats,
    combine,  combineFloats, gradient, subtractProducts, subtractScaled, keepBits};

} // namespace
} // namespace zipml
