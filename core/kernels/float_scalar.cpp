#include "core/kernels/float_loops.h"

namespace zipml {
namespace {

/// A vector of one float.
struct Scalar {
    static constexpr std::size_t kLanes = 1;
    float value;

    static Scalar zero() { return {0.0F}; }
    static Scalar all(float value) { return {value}; }
    static Scalar load(const float* at) { return {*at}; }
    static Scalar loadPart(const float* at, std::size_t /*count*/) { return {*at}; }
    static Scalar fromBits(const unsigned char* word, int shift, int mask) {
        return {static_cast<float>((word[shift / 8] >> (shift % 8)) & mask)};
    }
    static Scalar add(Scalar a, Scalar b) { return {a.value + b.value}; }
    static Scalar multiplyAdd(Scalar a, Scalar b, Scalar c) { return {a.value * b.value + c.value}; }
    void store(float* at) const { *at = value; }
    void storePart(float* at, std::size_t /*count*/) const { *at = value; }
    [[nodiscard]] float sum() const { return value; }
};

} // namespace

const RowKernels kRowsScalar{dotAllRows<Scalar>, addAllRows<Scalar>};
const TileFloatKernels kTileFloatScalar[4] = {kTilesInFloat<Scalar, 1>, kTilesInFloat<Scalar, 2>,
                                              kTilesInFloat<Scalar, 4>, kTilesInFloat<Scalar, 8>};

} // namespace zipml
