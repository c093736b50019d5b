#include "core/kernels/vector_kernels.h"

namespace zipml {

const VectorKernels& vectorKernels(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kVectorAvx512;
    if (isa == Isa::Avx2)
        return kVectorAvx2;
#endif
    static_cast<void>(isa);
    return kVectorScalar;
}

} // namespace zipml
