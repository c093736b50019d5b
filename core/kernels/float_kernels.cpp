#include "core/kernels/float_kernels.h"

#include <bit>

namespace zipml {

const RowKernels& rowKernels(Isa isa, std::size_t features) {
#if defined(__x86_64__)
    constexpr std::size_t kFloatsALine = 16;
    constexpr std::size_t kLongRow = 512;
    if (isa == Isa::Avx512 && (features % kFloatsALine == 0 || features >= kLongRow))
        return kRowsAvx512;
    if (isa != Isa::Scalar)
        return kRowsAvx2;
#endif
    static_cast<void>(isa);
    static_cast<void>(features);
    return kRowsScalar;
}

const TileFloatKernels& tileFloatKernels(Isa isa, int width) {
    const auto index = static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(width)));
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kTileFloatAvx512[index];
    if (isa == Isa::Avx2)
        return kTileFloatAvx2[index];
#endif
    static_cast<void>(isa);
    return kTileFloatScalar[index];
}

} // namespace zipml
