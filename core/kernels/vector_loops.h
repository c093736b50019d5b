#pragma once
/// The loops of vector_kernels.h on the compiler's own vectors, which it makes of whatever the instruction
/// set of the including file has (isa.h). They are 8 or 16 numbers wide everywhere, so that all sets give
/// the same bits.

#include "core/kernels/vector_kernels.h"

namespace zipml {
namespace {

constexpr std::size_t kWide = 8;
constexpr double kNotFinite = __builtin_inf();

typedef double Doubles __attribute__((vector_size(64)));
typedef float Floats __attribute__((vector_size(32)));
typedef std::int32_t Ints __attribute__((vector_size(32)));
typedef float WideFloats __attribute__((vector_size(64)));
typedef std::int32_t WideInts __attribute__((vector_size(64)));
typedef std::uint16_t WideShorts __attribute__((vector_size(32)));
typedef std::int8_t WideBytes __attribute__((vector_size(16)));

/// Copies fewer than 8 numbers. In powers of two: a call of memcpy takes longer than all of the loop around it.
template <class Number>
inline void copyFew(const Number* from, std::size_t count, Number* to) {
    if ((count & 4U) != 0) {
        __builtin_memcpy(to, from, 4 * sizeof(Number));
        from += 4, to += 4;
    }
    if ((count & 2U) != 0) {
        __builtin_memcpy(to, from, 2 * sizeof(Number));
        from += 2, to += 2;
    }
    if ((count & 1U) != 0)
        *to = *from;
}

/// Reads or writes `count` <= 8 numbers, the missing ones being 0.
template <class Vector, class Number>
inline Vector load(const Number* at, std::size_t count = kWide) {
    static_assert(sizeof(Vector) == kWide * sizeof(Number));
    Vector vector{};
    if (count == kWide)
        __builtin_memcpy(&vector, at, sizeof vector);
    else
        copyFew(at, count, reinterpret_cast<Number*>(&vector));
    return vector;
}

template <class Vector, class Number>
inline void store(Number* at, const Vector& vector, std::size_t count = kWide) {
    static_assert(sizeof(Vector) == kWide * sizeof(Number));
    if (count == kWide)
        __builtin_memcpy(at, &vector, sizeof vector);
    else
        copyFew(reinterpret_cast<const Number*>(&vector), count, at);
}

inline Doubles all(double value) {
    return Doubles{} + value;
}

template <class Vector>
inline Vector larger(Vector a, Vector b) {
    return a > b ? a : b;
}

template <class Vector>
inline Vector sizeOf(Vector value) {
    return value < 0 ? -value : value;
}

/// Puts the result of `merge` over all 8 lanes into every lane.
template <class Merge>
inline Doubles acrossDoubles(Doubles v, const Merge& merge) {
    v = merge(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3));
    v = merge(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
    return merge(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
}

inline double sum(Doubles a, Doubles b) {
    return acrossDoubles(a + b, [](Doubles x, Doubles y) { return x + y; })[0];
}

inline double largest(Doubles a, Doubles b) {
    return acrossDoubles(larger(a, b), larger<Doubles>)[0];
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

inline double productsAndDot(const double* a, const double* b, const double* c, std::size_t n, double* out,
                             double* shared) {
    Doubles most[2] = {}, sums[2] = {};
    forEach(n, [&](std::size_t i, std::size_t count, int lane) {
        const auto factor = load<Doubles>(b + i, count);
        const Doubles value = load<Doubles>(a + i, count) * factor;
        store(out + i, value, count);
        most[lane] = larger(sizeOf(value), most[lane]);
        sums[lane] += load<Doubles>(c + i, count) * factor;
    });
    *shared = sum(sums[0], sums[1]);
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

/// Rounds up to 16 numbers, which may come out a hair above their 127 steps; see VectorKernels::round. Up
/// where fraction + draw reach 1: the lower integer of their sum.
inline WideInts roundedLevels(WideFloats numbers, float scale, const std::uint16_t* draws,
                              std::size_t count) {
    constexpr int kOffset = 128; // makes all values positive, so that truncation rounds down
    WideShorts drawn{};
    __builtin_memcpy(&drawn, draws, count * sizeof(std::uint16_t));
    const WideFloats chance =
        __builtin_convertvector(__builtin_convertvector(drawn, WideInts), WideFloats) * (1 / 65536.0F);
    const WideFloats least = WideFloats{} + 1.0F, most = WideFloats{} + 255.5F;
    WideFloats place = numbers * scale + (chance + static_cast<float>(kOffset));
    place = place < most ? place : most; // nor is a model that overflows, or is no number, ever out of range
    place = place > least ? place : least;
    return __builtin_convertvector(place, WideInts) - kOffset;
}

template <class Number>
inline std::int64_t roundNumbers(const Number* v, double perUnit, const std::uint16_t* draws, std::size_t n,
                                 std::int8_t* out) {
    const auto scale = static_cast<float>(perUnit);
    WideInts sums{};
    forEachWide(n, [&](std::size_t i, std::size_t count) {
        WideInts level = roundedLevels(loadWide(v + i, count), scale, draws + i, count);
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

inline void scaledProducts(const std::int8_t* v, double scale, const double* factors, std::size_t n,
                           double* out) {
    for (std::size_t i = 0; i < n; i += 2 * kWide) {
        WideBytes bytes;
        __builtin_memcpy(&bytes, v + i, sizeof bytes);
        const WideInts numbers =
            __builtin_convertvector(bytes, WideInts); // 8 bytes would be taken one by one
        const Ints halves[2] = {__builtin_shufflevector(numbers, numbers, 0, 1, 2, 3, 4, 5, 6, 7),
                                __builtin_shufflevector(numbers, numbers, 8, 9, 10, 11, 12, 13, 14, 15)};
        for (std::size_t h = 0; h < 2; ++h)
            store(out + i + h * kWide, scale * __builtin_convertvector(halves[h], Doubles) *
                                           load<Doubles>(factors + i + h * kWide));
    }
}

inline WideFloats joined(Floats low, Floats high) {
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

inline RoundedModel roundModel(const double* weights, const float* slope, const double* middle, double unit,
                               double steps, const std::uint16_t* draws, std::size_t n, std::int8_t* integers,
                               std::int32_t* values) {
    constexpr double kRoom = 1 + 1.0 / 64;
    for (;;) {
        const auto scale = static_cast<float>(unit > 0 ? 1 / unit : 0);
        Doubles shared[2] = {};
        WideFloats most{};
        WideInts sums{};
        const auto visit = [&](std::size_t i, Doubles low, Doubles high) {
            const WideFloats places =
                loadWide(slope + i, 2 * kWide) *
                joined(__builtin_convertvector(low, Floats), __builtin_convertvector(high, Floats));
            most = larger(sizeOf(places), most);
            shared[0] += load<Doubles>(middle + i) * low;
            shared[1] += load<Doubles>(middle + i + kWide) * high;
            const WideInts level = roundedLevels(places, scale, draws + i, 2 * kWide);
            const WideBytes bytes = __builtin_convertvector(level, WideBytes);
            __builtin_memcpy(integers + i, &bytes, sizeof bytes);
            __builtin_memcpy(values + i, &level, sizeof level);
            sums += level;
        };
        std::size_t i = 0;
        for (; i + 2 * kWide <= n; i += 2 * kWide)
            visit(i, load<Doubles>(weights + i), load<Doubles>(weights + i + kWide));
        if (i + kWide <= n)
            visit(i, load<Doubles>(weights + i), load<Doubles>(weights + i + kWide, n - i - kWide));
        else if (i < n)
            visit(i, load<Doubles>(weights + i, n - i), Doubles{});
        const double largestPlace = acrossLanes(most, larger<WideFloats>)[0];
        if (largestPlace <= unit * steps || !(largestPlace < kNotFinite))
            return {unit, largestPlace * kRoom / steps, sum(shared[0], shared[1]),
                    acrossLanes(sums, [](WideInts a, WideInts b) { return a + b; })[0]};
        unit = largestPlace * kRoom / steps;
    }
}

inline WideFloats toFloats(const std::int32_t* at) {
    WideInts numbers;
    __builtin_memcpy(&numbers, at, sizeof numbers);
    return __builtin_convertvector(numbers, WideFloats);
}

template <std::size_t kParts, bool kSigns, bool kValues>
inline void descendBy(const PackedGradient& t, double scale, std::size_t n, double* out) {
    const auto factor = static_cast<float>(scale);
    for (std::size_t i = 0; i < n; i += 2 * kWide) {
        WideFloats codes{};
        for (std::size_t p = 0; p < (kParts > 0 ? kParts : t.parts); ++p)
            codes += t.scales[p] * toFloats(t.sums[p] + i);
        const WideFloats slope = loadWide(t.slope + i, 2 * kWide);
        WideFloats sum = loadWide(t.middle + i, 2 * kWide) * t.shared + slope * (t.unit * (codes - t.offset));
        if constexpr (kSigns) {
            WideFloats signs = t.signScales[0] * toFloats(t.signs[0] + i);
            if (t.signs[1] != nullptr)
                signs += t.signScales[1] * toFloats(t.signs[1] + i);
            if (t.signsTimesValues)
                signs *= toFloats(t.values + i);
            sum -= t.signScale * slope * signs;
        }
        if constexpr (kValues)
            sum -= t.correctionScale * loadWide(t.correction + i, 2 * kWide) * toFloats(t.values + i);
        sum *= factor;
        const Doubles halves[2] = {
            __builtin_convertvector(__builtin_shufflevector(sum, sum, 0, 1, 2, 3, 4, 5, 6, 7), Doubles),
            __builtin_convertvector(__builtin_shufflevector(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15),
                                    Doubles)};
        for (std::size_t h = 0, at = i; h < 2 && at < n; ++h, at += kWide) {
            const std::size_t count = at + kWide <= n ? kWide : n - at;
            store(out + at, load<Doubles>(out + at, count) - halves[h], count);
        }
    }
}

inline void descend(const PackedGradient& t, double scale, std::size_t n, double* out) {
    auto* loop = descendBy<0, false, false>;
    if (t.correction != nullptr)
        loop = t.parts == 1 ? descendBy<1, false, true> : descendBy<0, false, true>;
    else if (t.signs[0] != nullptr)
        loop = t.parts == 2 ? descendBy<2, true, false> : descendBy<0, true, false>;
    else if (t.parts == 1)
        loop = descendBy<1, false, false>;
    loop(t, scale, n, out);
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

inline RoundedRows roundRows(const Term<std::int32_t>* terms, std::size_t termCount, double offset,
                             const float* labels, const std::uint16_t* draws, std::size_t n,
                             std::size_t begin, std::size_t end, float* numbers, std::int8_t* integers) {
    float most = combine(terms, termCount, offset, labels, n, numbers);
    if (end - begin < n) {
        for (std::size_t i = 0; i < begin; ++i)
            numbers[i] = 0;
        for (std::size_t i = end; i < n; ++i)
            numbers[i] = 0;
        most = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const float size = numbers[i] < 0 ? -numbers[i] : numbers[i];
            most = size > most ? size : most;
        }
    }
    const double unit = static_cast<double>(most) / 127;
    const float scale = most > 0 ? 127 / most : 0;
    WideInts sums{};
    for (std::size_t i = 0; i < n; i += 2 * kWide) {
        const WideInts level = roundedLevels(loadWide(numbers + i, 2 * kWide), scale, draws + i, 2 * kWide);
        const WideBytes bytes = __builtin_convertvector(level, WideBytes);
        __builtin_memcpy(integers + i, &bytes, sizeof bytes);
        sums += level;
    }
    return {unit, acrossLanes(sums, [](WideInts a, WideInts b) { return a + b; })[0]};
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

inline void commonBits(const unsigned char* a, const unsigned char* b, std::size_t n, unsigned char* out) {
    for (std::size_t i = 0; i < n; i += sizeof(WideInts)) {
        WideInts first, second;
        __builtin_memcpy(&first, a + i, sizeof first);
        __builtin_memcpy(&second, b + i, sizeof second);
        first &= second;
        __builtin_memcpy(out + i, &first, sizeof first);
    }
}

constexpr VectorKernels kLoops{
    roundModel, roundRows,     descend,     products,         productsAndDot, scaledProducts,
    dot,        round,         roundFloats, toFloats,         addScaled,      addScaledFloats,
    combine,    combineFloats, gradient,    subtractProducts, subtractScaled, commonBits};

} // namespace
} // namespace zipml
