#include "core/kernels/weave_kernels.h"

namespace zipml {

const WeaveKernels& weaveKernels(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kWeaveAvx512;
    if (isa == Isa::Avx2)
        return kWeaveAvx2;
#endif
    static_cast<void>(isa);
    return kWeaveScalar;
}

} // namespace zipml
