#include "core/kernels/weave_loops.h"

#include <cstdint>

namespace zipml {
namespace {

/// Eight bytes in a word.
struct Scalar {
    static constexpr std::size_t kBytes = 8;
    std::uint64_t value;

    static Scalar bytes(int byte) { return {0x0101010101010101U * static_cast<unsigned>(byte)}; }
    static Scalar load(const unsigned char* at) {
        std::uint64_t value = 0;
        __builtin_memcpy(&value, at, sizeof value);
        return {value};
    }
    void store(unsigned char* at) const { __builtin_memcpy(at, &value, sizeof value); }
    static Scalar both(Scalar a, Scalar b) { return {a.value & b.value}; }
    static Scalar exclusiveOr(Scalar a, Scalar b) { return {a.value ^ b.value}; }
    static Scalar select(Scalar mask, Scalar a, Scalar b) {
        return {(a.value & mask.value) | (b.value & ~mask.value)};
    }
    template <int kShift>
    static Scalar shiftLeft(Scalar a) {
        return {a.value << kShift};
    }
    template <int kShift>
    static Scalar shiftRight(Scalar a) {
        return {a.value >> kShift};
    }
};

} // namespace

const WeaveKernels kWeaveScalar{join<Scalar>, nullptr};

} // namespace zipml
