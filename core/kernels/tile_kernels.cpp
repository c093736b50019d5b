#include "core/kernels/tile_kernels.h"

#include <bit>

namespace zipml {

const TileKernels& tileKernels(Isa isa, int width) {
    const auto index = static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(width)));
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kTileAvx512[index];
    if (isa == Isa::Avx2)
        return kTileAvx2[index];
#endif
    static_cast<void>(isa);
    return kTileScalar[index];
}

} // namespace zipml
