#include "core/kernels/float_kernels.h"

#include <bit>

namespace zipml {

const RowKernels& rowKernels(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kRowsAvx512;
    if (isa == Isa::Avx2)
        return kRowsAvx2;
#endif
    static_cast<void>(isa);
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
