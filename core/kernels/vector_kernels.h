#pragma once
/// The elementwise loops of a minibatch step beside the inner products: rounding the model and the residuals
/// to 8-bit integers, taking sums apart and together. One source (vector_loops.h) is compiled for each
/// instruction set; all of them give the same bits. `out` may be one of the inputs.

#include "core/kernels/isa.h"

#include <cstddef>
#include <cstdint>

namespace zipml {

template <class Sum>
struct Term {
    const Sum* sums;
    double scale;
};

/// A model rounded to 8-bit integers: unit * integer stands for slope * weight.
struct RoundedModel {
    double unit;
    double next;      ///< what the next model may be rounded in: this one's largest number and some room
    double shared;    ///< middle . weights
    std::int64_t sum; ///< of the integers
};

/// Numbers as three digits each (column_kernels.h): unit * (2^14 d_0 + 2^7 d_1 + d_2) to the nearest, 21 bits
/// and a sign of the largest number. Kernels of 8-bit integers multiply them where neither the model nor the
/// factors may be rounded by more than float32 would.
struct DigitNumbers {
    double unit;
    double next;      ///< as RoundedModel::next; of factors 0
    double shared;    ///< middle . weights; of factors 0
    std::int64_t sum; ///< of the numbers, in units
};
/// The largest number in units.
constexpr double kMostInDigits = 127 << 14;

/// Numbers of a batch's rows, rounded to 8-bit integers.
struct RoundedRows {
    double unit;
    std::int64_t sum; ///< of the integers
};

/// The gradient of a batch of packed codes, from what the kernels added up for each feature:
///   middle shared + slope (unit (sum of scales * sums - offset))
///   - signScale slope (sum of signScales * signs - signOffset) (values, if signsTimesValues)
///   - correctionScale correction values.
/// In float32, where sums of at most 2^24 are exact.
struct PackedGradient {
    static constexpr std::size_t kMost = 5;
    const std::int32_t* sums[kMost];
    float scales[kMost];
    std::size_t parts;
    float offset, unit, shared;
    const float *slope, *middle;
    const std::int32_t* signs[2]; ///< fewer: nullptr
    float signScales[2], signScale, signOffset;
    bool signsTimesValues;
    const float* correction; ///< nullptr: none
    float correctionScale;
    const std::int32_t* values; ///< the model's integers
};

struct VectorKernels {
    /// Rounds slope * weights at random to integers of at most 127 as products and round would.
    /// @param unit to be tried; if the largest number does not fit, the model's own, with some room
    /// @param steps of the largest number, at most 127
    /// @param draws, integers, values (the integers again, or nullptr) and the vectors but `weights`: up to a multiple
    /// of 16
    RoundedModel (*roundModel)(const double* weights, const float* slope, const double* middle, double unit,
                               double steps, const std::uint16_t* draws, std::size_t n, std::int8_t* integers,
                               std::int32_t* values);
    /// Digits of slope * weights. @param unit as roundModel's. @param columns digit d of number f goes to
    /// f / 4 * stride + 4 d + f % 4; there is room for a multiple of 16 numbers, those behind the last are 0
    DigitNumbers (*modelDigits)(const double* weights, const float* slope, const double* middle, double unit,
                                std::size_t n, std::int8_t* columns, std::size_t stride);
    /// Digits of a batch's numbers. @param most the largest |number|. @param n a multiple of 16. @param
    /// columns digit d of number i goes to i / 16 * stride + 16 d + i % 16
    DigitNumbers (*factorDigits)(const float* numbers, float most, std::size_t n, std::int8_t* columns,
                                 std::size_t stride);
    /// total[r] += unit * (2^14 products[r] + 2^7 products[16 + r] + products[32 + r]) of 16 rows, the sum in
    /// parentheses exactly.
    void (*addDigits)(const std::int32_t* products, double unit, double* total);
    /// The largest |number|. @param n a multiple of 16
    float (*largest)(const float* numbers, std::size_t n);
    /// combine, and the result rounded as by roundFloats in the unit that makes the largest 127. Rows outside
    /// of [begin, end) count as 0.
    /// @param n a multiple of 16, as are the labels
    RoundedRows (*roundRows)(const Term<std::int32_t>* terms, std::size_t termCount, double offset,
                             const float* labels, const std::uint16_t* draws, std::size_t n,
                             std::size_t begin, std::size_t end, float* numbers, std::int8_t* integers);
    /// out -= scale * the gradient. @param n all arrays but `out` have room for a multiple of 16
    void (*descend)(const PackedGradient& gradient, double scale, std::size_t n, double* out);
    /// out = a * b elementwise. @return the largest |out|, 0 for none
    double (*products)(const double* a, const double* b, std::size_t n, double* out);
    /// out = a * b as products, and in the same pass *shared = sum of c * b. @return the largest |out|
    double (*productsAndDot)(const double* a, const double* b, const double* c, std::size_t n, double* out,
                             double* shared);
    /// out = scale * v * factors. @param n a multiple of 16
    void (*scaledProducts)(const std::int8_t* v, double scale, const double* factors, std::size_t n,
                           double* out);
    /// sum of a * b
    double (*dot)(const double* a, const double* b, std::size_t n);
    /// Rounds v * perUnit at random to a neighbouring integer, up with the probability of its fraction, to
    /// 2^-17: what float32 resolves in 127 steps.
    /// @param perUnit such that |v * perUnit| <= 127. @param draws uniform, one a number. @return the
    /// integers' sum
    std::int64_t (*round)(const double* v, double perUnit, const std::uint16_t* draws, std::size_t n,
                          std::int8_t* out);
    std::int64_t (*roundFloats)(const float* v, double perUnit, const std::uint16_t* draws, std::size_t n,
                                std::int8_t* out);
    /// out = v. @return the sum of what was stored
    double (*toFloats)(const double* v, std::size_t n, float* out);
    /// total += scale * sums
    void (*addScaled)(const std::int32_t* sums, double scale, std::size_t n, double* total);
    void (*addScaledFloats)(const float* sums, double scale, std::size_t n, double* total);
    /// out = offset + the terms' scale * sums - labels, in float32. @param labels nullptr: 0. @return the
    /// largest |out|
    float (*combine)(const Term<std::int32_t>* terms, std::size_t termCount, double offset,
                     const float* labels, std::size_t n, float* out);
    float (*combineFloats)(const Term<float>* terms, std::size_t termCount, double offset,
                           const float* labels, std::size_t n, float* out);
    /// The weights' gradient sum: middle * shared + slope * (scale * (codes - centre)).
    void (*gradient)(const double* codes, double centre, double scale, const double* slope,
                     const double* middle, double shared, std::size_t n, double* out);
    /// out -= scale * a * b
    void (*subtractProducts)(const double* a, const double* b, double scale, std::size_t n, double* out);
    /// out -= scale * a
    void (*subtractScaled)(const double* a, double scale, std::size_t n, double* out);
    /// out = a & b. @param n a multiple of 64
    void (*commonBits)(const unsigned char* a, const unsigned char* b, std::size_t n, unsigned char* out);
};

const VectorKernels& vectorKernels(Isa isa);

extern const VectorKernels kVectorScalar;
extern const VectorKernels kVectorAvx2;
extern const VectorKernels kVectorAvx512;

} // namespace zipml
