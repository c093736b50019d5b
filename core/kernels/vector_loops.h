#pragma once
/// Plain loops that the compiler vectorizes for the instruction set of the file that includes them (isa.h).

#include "core/kernels/vector_kernels.h"

namespace zipml {
namespace {

/// Sums and maxima are kept in this many lanes, whatever the width of a vector, so that their bits do not depend
/// on it.
constexpr std::size_t kLanes = 16;

struct Lanes {
    double values[kLanes] = {};

    [[nodiscard]] double sum() const {
        double folded[kLanes];
        for (std::size_t i = 0; i < kLanes; ++i)
            folded[i] = values[i];
        for (std::size_t half = kLanes / 2; half > 0; half /= 2)
            for (std::size_t i = 0; i < half; ++i)
                folded[i] += folded[i + half];
        return folded[0];
    }
    [[nodiscard]] double largest() const {
        double most = 0;
        for (const double value : values)
            most = value > most ? value : most;
        return most;
    }
};

/// Calls visit(i, lane) for i = 0 .. n - 1 in order, lane = i modulo kLanes.
template <class Visit>
inline void forEachInLanes(std::size_t n, const Visit& visit) {
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            visit(i + lane, lane);
    for (std::size_t lane = 0; i < n; ++i, ++lane)
        visit(i, lane);
}

inline double absolute(double value) {
    return value < 0 ? -value : value;
}

double products(const double* __restrict a, const double* __restrict b, std::size_t n, double* __restrict out) {
    Lanes most;
    forEachInLanes(n, [&](std::size_t i, std::size_t lane) {
        const double value = a[i] * b[i];
        out[i] = value;
        const double size = absolute(value);
        most.values[lane] = size > most.values[lane] ? size : most.values[lane];
    });
    return most.largest();
}

double dot(const double* __restrict a, const double* __restrict b, std::size_t n) {
    Lanes sums;
    forEachInLanes(n, [&](std::size_t i, std::size_t lane) { sums.values[lane] += a[i] * b[i]; });
    return sums.sum();
}

std::int64_t round(const double* __restrict v, double perUnit, const std::uint32_t* __restrict words, std::size_t n,
                   std::int8_t* __restrict out) {
    constexpr double kWordScale = 1.0 / 4294967296.0;
    constexpr double kOffset = 128; // makes all values positive, so that truncation rounds down
    std::int32_t sums[kLanes] = {};
    forEachInLanes(n, [&](std::size_t i, std::size_t lane) {
        const double place = v[i] * perUnit + kOffset;
        const auto lower = static_cast<std::int32_t>(place);
        // The word as a signed number and half the range: vectors convert signed numbers only.
        const double uniform = static_cast<double>(static_cast<std::int32_t>(words[i] ^ 0x80000000U)) * kWordScale + 0.5;
        const std::int32_t up = uniform < place - static_cast<double>(lower) ? 1 : 0;
        // The largest element may come out a hair above its 127 steps.
        const std::int32_t raw = lower + up - static_cast<std::int32_t>(kOffset);
        const std::int32_t below = raw < 127 ? raw : 127;
        const std::int32_t level = below > -127 ? below : -127;
        out[i] = static_cast<std::int8_t>(level);
        sums[lane] += level;
    });
    std::int64_t sum = 0;
    for (const std::int32_t lane : sums)
        sum += lane;
    return sum;
}

double toFloats(const double* __restrict v, std::size_t n, float* __restrict out) {
    Lanes sums;
    forEachInLanes(n, [&](std::size_t i, std::size_t lane) {
        out[i] = static_cast<float>(v[i]);
        sums.values[lane] += static_cast<double>(out[i]);
    });
    return sums.sum();
}

void addScaled(const std::int32_t* __restrict sums, double scale, std::size_t n, double* __restrict total) {
    for (std::size_t i = 0; i < n; ++i)
        total[i] += scale * static_cast<double>(sums[i]);
}

void addScaledFloats(const float* __restrict sums, double scale, std::size_t n, double* __restrict total) {
    for (std::size_t i = 0; i < n; ++i)
        total[i] += scale * static_cast<double>(sums[i]);
}

double residuals(const double* __restrict total, double scale, double offset, const float* __restrict labels,
                 std::size_t n, double* __restrict out) {
    Lanes most;
    forEachInLanes(n, [&](std::size_t i, std::size_t lane) {
        const double value = offset + scale * total[i] - static_cast<double>(labels[i]);
        out[i] = value;
        const double size = absolute(value);
        most.values[lane] = size > most.values[lane] ? size : most.values[lane];
    });
    return most.largest();
}

void gradient(const double* __restrict codes, double centre, double scale, const double* __restrict slope,
              const double* __restrict middle, double shared, std::size_t n, double* __restrict out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = middle[i] * shared + slope[i] * (scale * (codes[i] - centre));
}

void subtractProducts(const double* __restrict a, const double* __restrict b, double scale, std::size_t n,
                      double* __restrict out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] -= scale * a[i] * b[i];
}

void keepBits(const unsigned char* __restrict bits, std::size_t n, unsigned char* __restrict out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = static_cast<unsigned char>(out[i] & bits[i]);
}

constexpr VectorKernels kLoops{products,        dot,       round,    toFloats,         addScaled,
                               addScaledFloats, residuals, gradient, subtractProducts, keepBits};

} // namespace
} // namespace zipml
