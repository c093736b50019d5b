#pragma once
/// The loops of double_row_kernels.h on vectors as wide as the instruction set of the including file has them
/// (isa.h). Sums are taken in an order that does not depend on the width, so that all sets give the same bits.

#include "core/kernels/double_row_kernels.h"

namespace zipml {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t kLanes = 8;
#elif defined(__AVX__)
constexpr std::size_t kLanes = 4;
#else
constexpr std::size_t kLanes = 2;
#endif
typedef double Doubles __attribute__((vector_size(kLanes * sizeof(double))));
typedef float Floats __attribute__((vector_size(kLanes * sizeof(float))));

/// Rows are read 16 numbers at a time.
constexpr std::size_t kStride = 16;
constexpr std::size_t kVectors = kStride / kLanes;

template <class Vector, class Number>
inline Vector load(const Number* at) {
    Vector vector;
    __builtin_memcpy(&vector, at, sizeof vector);
    return vector;
}

inline Doubles at(const float* row) {
    return __builtin_convertvector(load<Floats>(row), Doubles);
}

inline Doubles shiftedAt(const float* row, const double* shift) {
    return at(row) - load<Doubles>(shift);
}

/// What is left behind the last 16 numbers, with zeros behind it.
template <class Number>
struct Rest {
    Number numbers[kStride] = {};
    Rest(const Number* from, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            numbers[i] = from[i];
    }
};

/// The sum of kVectors vectors' lanes: halves are added to halves.
inline double sumOf(const Doubles* sums) {
    double all[kStride];
    __builtin_memcpy(all, sums, sizeof all);
    for (std::size_t half = kStride / 2; half > 0; half /= 2)
        for (std::size_t j = 0; j < half; ++j)
            all[j] += all[j + half];
    return all[0];
}

inline void addDots(const float* row, const double* weights, Doubles* sums) {
    for (std::size_t v = 0; v < kVectors; ++v)
        sums[v] += at(row + v * kLanes) * load<Doubles>(weights + v * kLanes);
}

inline double dot(const float* row, const double* weights, std::size_t n) {
    Doubles sums[kVectors] = {};
    std::size_t i = 0;
    for (; i + kStride <= n; i += kStride)
        addDots(row + i, weights + i, sums);
    if (i < n)
        addDots(Rest(row + i, n - i).numbers, Rest(weights + i, n - i).numbers, sums);
    return sumOf(sums);
}

inline void addScaled(const float* row, double scale, std::size_t n, double* total) {
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        const Doubles sum = load<Doubles>(total + i) + scale * at(row + i);
        __builtin_memcpy(total + i, &sum, sizeof sum);
    }
    for (; i < n; ++i)
        total[i] += scale * double{row[i]};
}

inline void addScores(const float* row, const double* shift, const double* weights, Doubles* sums) {
    for (std::size_t v = 0; v < kVectors; ++v)
        sums[v] += shiftedAt(row + v * kLanes, shift + v * kLanes) * load<Doubles>(weights + v * kLanes);
}

inline double score(const float* row, const double* shift, const double* weights, std::size_t n) {
    Doubles sums[kVectors] = {};
    std::size_t i = 0;
    for (; i + kStride <= n; i += kStride)
        addScores(row + i, shift + i, weights + i, sums);
    if (i < n)
        addScores(Rest(row + i, n - i).numbers, Rest(shift + i, n - i).numbers,
                  Rest(weights + i, n - i).numbers, sums);
    return sumOf(sums);
}

inline void addRow(const float* row, const double* shift, double scale, std::size_t n, double* total) {
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        const Doubles sum = load<Doubles>(total + i) + scale * shiftedAt(row + i, shift + i);
        __builtin_memcpy(total + i, &sum, sizeof sum);
    }
    for (; i < n; ++i)
        total[i] += scale * (double{row[i]} - shift[i]);
}

/// Adds the products of two vectors of a panel's columns with kAtOnce columns of another's: as many sums as
/// registers hold.
constexpr std::size_t kAtOnce = 4;
inline void addTile(const double* of, const double* with, std::size_t rows, double* gram,
                    std::size_t columns) {
    Doubles sums[kAtOnce][2] = {};
    for (std::size_t row = 0; row < rows; ++row, of += kPanelColumns, with += kPanelColumns) {
        const Doubles low = load<Doubles>(of);
        const Doubles high = load<Doubles>(of + kLanes);
        for (std::size_t j = 0; j < kAtOnce; ++j) {
            sums[j][0] += low * with[j];
            sums[j][1] += high * with[j];
        }
    }
    for (std::size_t j = 0; j < kAtOnce; ++j)
        for (std::size_t half = 0; half < 2; ++half) {
            double* at = gram + j * columns + half * kLanes;
            const Doubles sum = load<Doubles>(at) + sums[j][half];
            __builtin_memcpy(at, &sum, sizeof sum);
        }
}

inline void addProducts(const double* columns, std::size_t rows, std::size_t panels, double* gram) {
    const std::size_t all = panels * kPanelColumns;
    const std::size_t panelSize = rows * kPanelColumns;
    for (std::size_t i = 0; i < panels; ++i)
        for (std::size_t j = 0; j < (i + 1) * kPanelColumns; j += kAtOnce)
            for (std::size_t part = 0; part < kPanelColumns; part += 2 * kLanes)
                addTile(columns + i * panelSize + part,
                        columns + j / kPanelColumns * panelSize + j % kPanelColumns, rows,
                        gram + j * all + i * kPanelColumns + part, all);
}

constexpr DoubleRowKernels kDoubleRowLoops{dot, addScaled, score, addRow, addProducts};

} // namespace
} // namespace zipml
