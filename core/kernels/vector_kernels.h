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

struct VectorKernels {
    /// out = a * b elementwise. @return the largest |out|, 0 for none
    double (*products)(const double* a, const double* b, std::size_t n, double* out);
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
    /// out &= bits
    void (*keepBits)(const unsigned char* bits, std::size_t n, unsigned char* out);
};

const VectorKernels& vectorKernels(Isa isa);

extern const VectorKernels kVectorScalar;
extern const VectorKernels kVectorAvx2;
extern const VectorKernels kVectorAvx512;

} // namespace zipml
