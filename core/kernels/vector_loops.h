#pragma once
/// The loops of vector_kernels.h on vectors that are 8 or 16 numbers wide everywhere, so that all instruction
/// sets give the same bits.

#include "core/kernels/vector_kernels.h"
#include "core/kernels/wide_vectors.h"

namespace zipml {
namespace {

constexpr double kNotFinite = __builtin_inf();

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
        readInto(vector, at);
    else
        copyFew(at, count, reinterpret_cast<Number*>(&vector));
    return vector;
}

template <class Vector, class Number>
inline void store(Number* at, const Vector& vector, std::size_t count = kWide) {
    static_assert(sizeof(Vector) == kWide * sizeof(Number));
    if (count == kWide)
        write(vector, at);
    else
        copyFew(reinterpret_cast<const Number*>(&vector), count, at);
}

inline double sum(const Doubles& a, const Doubles& b) {
    return acrossAll<double>(a + b, [](double x, double y) { return x + y; });
}
inline std::int32_t sum(const WideInts& v) {
    return acrossAll<std::int32_t>(v, [](std::int32_t a, std::int32_t b) { return a + b; });
}

inline double largest(const Doubles& a, const Doubles& b) {
    return acrossAll<double>(larger(a, b), [](double x, double y) { return x > y ? x : y; });
}
inline float largest(const WideFloats& v) {
    return acrossAll<float>(v, [](float a, float b) { return a > b ? a : b; });
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
    if (count == 2 * kWide)
        readInto(v, at);
    else
        __builtin_memcpy(&v, at, count * sizeof(float));
    return v;
}

inline WideFloats loadWide(const double* at, std::size_t count) {
    const Floats low = toFloats(load<Doubles>(at, count < kWide ? count : kWide));
    return joined(low, toFloats(count > kWide ? load<Doubles>(at + kWide, count - kWide) : Doubles{}));
}

/// Rounds up to 16 numbers, which may come out a hair above their 127 steps; see VectorKernels::round. Up
/// where fraction + draw reach 1: the lower integer of their sum.
inline WideInts roundedLevels(WideFloats numbers, float scale, const std::uint16_t* draws,
                              std::size_t count) {
    constexpr int kOffset = 128; // makes all values positive, so that truncation rounds down
    WideShorts drawn{};
    __builtin_memcpy(&drawn, draws, count * sizeof(std::uint16_t));
    const WideFloats chance = toFloats(drawn) * (1 / 65536.0F);
    const WideFloats least = WideFloats{} + 1.0F, most = WideFloats{} + 255.5F;
    WideFloats place = numbers * scale + (chance + static_cast<float>(kOffset));
    place = smaller(place, most); // nor is a model that overflows, or is no number, ever out of range
    place = larger(place, least);
    return toInts(place) - kOffset;
}

template <class Number>
inline std::int64_t roundNumbers(const Number* v, double perUnit, const std::uint16_t* draws, std::size_t n,
                                 std::int8_t* out) {
    const auto scale = static_cast<float>(perUnit);
    WideInts sums{};
    forEachWide(n, [&](std::size_t i, std::size_t count) {
        WideInts level = roundedLevels(loadWide(v + i, count), scale, draws + i, count);
        if (count < 2 * kWide)
            level = firstOf<std::int32_t>(level, count);
        const WideBytes bytes = toBytes(level);
        __builtin_memcpy(out + i, &bytes, count);
        sums += level;
    });
    return sum(sums);
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
        const WideInts numbers = toInts(bytes);
        for (int h = 0; h < 2; ++h) {
            const std::size_t at = i + static_cast<std::size_t>(h) * kWide;
            store(out + at, scale * toDoubles(halfOf<Ints>(numbers, h)) * load<Doubles>(factors + at));
        }
    }
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
        const auto visit = [&](std::size_t i, const Doubles& low, const Doubles& high) {
            const WideFloats places = loadWide(slope + i, 2 * kWide) * joined(toFloats(low), toFloats(high));
            most = larger(sizeOf(places), most);
            shared[0] += load<Doubles>(middle + i) * low;
            shared[1] += load<Doubles>(middle + i + kWide) * high;
            const WideInts level = roundedLevels(places, scale, draws + i, 2 * kWide);
            const WideBytes bytes = toBytes(level);
            __builtin_memcpy(integers + i, &bytes, sizeof bytes);
            if (values != nullptr)
                write(level, values + i);
            sums += level;
        };
        std::size_t i = 0;
        for (; i + 2 * kWide <= n; i += 2 * kWide)
            visit(i, load<Doubles>(weights + i), load<Doubles>(weights + i + kWide));
        if (i + kWide <= n)
            visit(i, load<Doubles>(weights + i), load<Doubles>(weights + i + kWide, n - i - kWide));
        else if (i < n)
            visit(i, load<Doubles>(weights + i, n - i), Doubles{});
        const double largestPlace = largest(most);
        if (largestPlace <= unit * steps || !(largestPlace < kNotFinite))
            return {unit, largestPlace * kRoom / steps, sum(shared[0], shared[1]), sum(sums)};
        unit = largestPlace * kRoom / steps;
    }
}

/// Three bytes of each of 16 numbers in units.
struct DigitBytes {
    WideBytes digits[3];
    WideInts numbers;
};

inline DigitBytes digitsOf(WideFloats places) {
    const WideFloats most = WideFloats{} + static_cast<float>(kMostInDigits);
    places = larger(smaller(places, most), -1.0F * most); // a model that overflows
    const WideInts numbers = toInts(places + halfTowards(places));
    const WideInts upper = (numbers + 64) >> 7; // so that the rest is -64..63
    const WideInts first = (upper + 64) >> 7;
    return {{toBytes(first), toBytes(upper - (first << 7)), toBytes(numbers - (upper << 7))}, numbers};
}

inline DigitNumbers modelDigits(const double* weights, const float* slope, const double* middle, double unit,
                                std::size_t n, std::int8_t* columns, std::size_t stride) {
    constexpr double kRoom = 1 + 1.0 / 64;
    constexpr double kLeast = 1e-30; // whose inverse is a float
    for (;;) {
        const auto scale = static_cast<float>(unit > kLeast ? 1 / unit : 0);
        Doubles shared[2] = {};
        WideFloats most{};
        std::int64_t total = 0;
        WideInts sums{};
        std::int8_t* out = columns;
        const auto visit = [&](std::size_t i, const Doubles& low, const Doubles& high) {
            const WideFloats numbers = loadWide(slope + i, 2 * kWide) * joined(toFloats(low), toFloats(high));
            most = larger(sizeOf(numbers), most);
            shared[0] += load<Doubles>(middle + i) * low;
            shared[1] += load<Doubles>(middle + i + kWide) * high;
            const DigitBytes bytes = digitsOf(numbers * scale);
            for (std::size_t line = 0; line < 4; ++line, out += stride)
                for (std::size_t d = 0; d < 3; ++d) {
                    std::int32_t words[4];
                    __builtin_memcpy(words, &bytes.digits[d], sizeof words);
                    __builtin_memcpy(out + 4 * d, &words[line], sizeof words[line]);
                }
            sums += bytes.numbers;
            if (i % 1024 == 1024 - 2 * kWide) { // as many as fit 32 bits
                total += sum(sums);
                sums = WideInts{};
            }
        };
        std::size_t i = 0;
        for (; i + 2 * kWide <= n; i += 2 * kWide)
            visit(i, load<Doubles>(weights + i), load<Doubles>(weights + i + kWide));
        if (i + kWide <= n)
            visit(i, load<Doubles>(weights + i), load<Doubles>(weights + i + kWide, n - i - kWide));
        else if (i < n)
            visit(i, load<Doubles>(weights + i, n - i), Doubles{});
        const double largestNumber = largest(most);
        if (largestNumber <= unit * kMostInDigits || !(largestNumber < kNotFinite) ||
            !(largestNumber > kLeast))
            return {scale > 0 ? unit : 0, largestNumber * kRoom / kMostInDigits, sum(shared[0], shared[1]),
                    total + sum(sums)};
        unit = largestNumber * kRoom / kMostInDigits;
    }
}

inline DigitNumbers factorDigits(const float* numbers, float most, std::size_t n, std::int8_t* columns,
                                 std::size_t stride) {
    constexpr float kLeast = 1e-30F; // whose inverse is a float
    const float scale = most > kLeast ? static_cast<float>(kMostInDigits) / most : 0;
    std::int64_t total = 0;
    for (std::size_t i = 0; i < n; i += 2 * kWide, columns += stride) {
        const DigitBytes bytes = digitsOf(loadWide(numbers + i, 2 * kWide) * scale);
        for (std::size_t d = 0; d < 3; ++d)
            __builtin_memcpy(columns + 16 * d, &bytes.digits[d], 16);
        total += sum(bytes.numbers);
    }
    return {scale > 0 ? static_cast<double>(most) / kMostInDigits : 0, 0, 0, total};
}

inline void addDigits(const std::int32_t* products, double unit, double* total) {
    for (std::size_t row = 0; row < 2 * kWide; row += kWide) {
        const auto numbers = [&](std::size_t digit) {
            return toDoubles(load<Ints>(products + 2 * kWide * digit + row));
        };
        const Doubles sums = 128.0 * (128.0 * numbers(0) + numbers(1)) + numbers(2);
        store(total + row, load<Doubles>(total + row) + unit * sums);
    }
}

inline float largestFloat(const float* numbers, std::size_t n) {
    WideFloats most{};
    for (std::size_t i = 0; i < n; i += 2 * kWide)
        most = larger(sizeOf(loadWide(numbers + i, 2 * kWide)), most);
    return largest(most);
}

inline WideFloats toFloats(const std::int32_t* at) {
    WideInts numbers;
    readInto(numbers, at);
    return toFloats(numbers);
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
            signs -= t.signOffset;
            if (t.signsTimesValues)
                signs *= toFloats(t.values + i);
            sum -= t.signScale * slope * signs;
        }
        if constexpr (kValues)
            sum -= t.correctionScale * loadWide(t.correction + i, 2 * kWide) * toFloats(t.values + i);
        sum *= factor;
        for (std::size_t h = 0, at = i; h < 2 && at < n; ++h, at += kWide) {
            const std::size_t count = at + kWide <= n ? kWide : n - at;
            const Doubles step = toDoubles(halfOf<Floats>(sum, static_cast<int>(h)));
            store(out + at, load<Doubles>(out + at, count) - step, count);
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
        const Floats value = toFloats(load<Doubles>(v + i, count));
        store(out + i, value, count);
        sums[lane] += toDoubles(value);
    });
    return sum(sums[0], sums[1]);
}

template <class Vector, class Number>
inline void addScaledNumbers(const Number* sums, double scale, std::size_t n, double* total) {
    forEach(n, [&](std::size_t i, std::size_t count, int) {
        const Doubles numbers = toDoubles(load<Vector>(sums + i, count));
        store(total + i, load<Doubles>(total + i, count) + scale * numbers, count);
    });
}

inline void addScaled(const std::int32_t* sums, double scale, std::size_t n, double* total) {
    addScaledNumbers<Ints>(sums, scale, n, total);
}

inline void addScaledFloats(const float* sums, double scale, std::size_t n, double* total) {
    addScaledNumbers<Floats>(sums, scale, n, total);
}

inline WideFloats asFloats(const WideInts& v) {
    return toFloats(v);
}
inline WideFloats asFloats(const WideFloats& v) {
    return v;
}

template <class Sums, class Sum>
float combineTerms(const Term<Sum>* terms, std::size_t termCount, double offset, const float* labels,
                   std::size_t n, float* out) {
    WideFloats most{};
    forEachWide(n, [&](std::size_t i, std::size_t count) {
        WideFloats value = WideFloats{} + static_cast<float>(offset);
        for (std::size_t t = 0; t < termCount; ++t) {
            Sums sums{};
            if (count == 2 * kWide)
                readInto(sums, terms[t].sums + i);
            else
                __builtin_memcpy(&sums, terms[t].sums + i, count * sizeof(Sum));
            value += static_cast<float>(terms[t].scale) * asFloats(sums);
        }
        if (labels != nullptr)
            value -= loadWide(labels + i, count);
        if (count == 2 * kWide) {
            write(value, out + i);
        } else {
            value = firstOf<float>(value, count);
            __builtin_memcpy(out + i, &value, count * sizeof(float));
        }
        most = larger(sizeOf(value), most);
    });
    return largest(most);
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
        const WideBytes bytes = toBytes(level);
        __builtin_memcpy(integers + i, &bytes, sizeof bytes);
        sums += level;
    }
    return {unit, sum(sums)};
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
        readInto(first, a + i);
        readInto(second, b + i);
        first &= second;
        write(first, out + i);
    }
}

constexpr VectorKernels kLoops{
    roundModel,  modelDigits,      factorDigits,   addDigits,       largestFloat, roundRows,
    descend,     products,         productsAndDot, scaledProducts,  dot,          round,
    roundFloats, toFloats,         addScaled,      addScaledFloats, combine,      combineFloats,
    gradient,    subtractProducts, subtractScaled, commonBits};

} // namespace
} // namespace zipml
