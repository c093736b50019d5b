#pragma once
/// The loops of vector_kernels.h on the compiler's own vectors, which it makes of whatever the instruction
/// set of the including file has (isa.h). They are 8 numbers wide everywhere, and sums and maxima are kept in
/// two of them, so that all sets give the same bits.

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

/// 16 numbers wide, in float32: half the work, and as fine as the draws.
inline std::int64_t round(const double* v, double perUnit, const std::uint16_t* draws, std::size_t n,
                          std::int8_t* out) {
    constexpr int kOffset = 128; // makes all values positive, so that truncation rounds down
    WideInts sums{};
    const auto visit = [&](std::size_t i, std::size_t count) {
        const Floats low =
            __builtin_convertvector(load<Doubles>(v + i, count < kWide ? count : kWide) * perUnit, Floats);
        const Floats high = __builtin_convertvector(
            (count > kWide ? load<Doubles>(v + i + kWide, count - kWide) : Doubles{}) * perUnit, Floats);
        const WideFloats place =
            __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) +
            static_cast<float>(kOffset);
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
    };
    std::size_t i = 0;
    for (; i + 2 * kWide <= n; i += 2 * kWide)
        visit(i, 2 * kWide);
    if (i < n)
        visit(i, n - i);
    std::int64_t sum = 0;
    for (std::size_t lane = 0; lane < 2 * kWide; ++lane)
        sum += sums[lane];
    return sum;
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
double combineTerms(const Term<Sum>* terms, std::size_t termCount, double offset, const float* labels,
                    std::size_t n, double* out) {
    Doubles most[2] = {};
    forEach(n, [&](std::size_t i, std::size_t count, int lane) {
        Doubles value = all(offset);
        for (std::size_t t = 0; t < termCount; ++t)
            value += terms[t].scale * __builtin_convertvector(load<Sums>(terms[t].sums + i, count), Doubles);
        if (labels != nullptr)
            value -= __builtin_convertvector(load<Floats>(labels + i, count), Doubles);
        for (std::size_t missing = count; missing < kWide; ++missing)
            value[missing] = 0;
        store(out + i, value, count);
        most[lane] = larger(sizeOf(value), most[lane]);
    });
    return largest(most[0], most[1]);
}

inline double combine(const Term<std::int32_t>* terms, std::size_t termCount, double offset,
                      const float* labels, std::size_t n, double* out) {
    return combineTerms<Ints>(terms, termCount, offset, labels, n, out);
}

inline double combineFloats(const Term<float>* terms, std::size_t termCount, double offset,
                            const float* labels, std::size_t n, double* out) {
    return combineTerms<Floats>(terms, termCount, offset, labels, n, out);
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

constexpr VectorKernels kLoops{products,        dot,     round,         toFloats, addScaled,
                               addScaledFloats, combine, combineFloats, gradient, subtractProducts,
                               subtractScaled,  keepBits};

} // namespace
} // namespace zipml
