#include "core/kernels/copy_kernels.h"

namespace zipml {

const CopyKernels& copyKernels(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kCopyAvx512;
    if (isa == Isa::Avx2)
        return kCopyAvx2;
#endif
    static_cast<void>(isa);
    return kCopyScalar;
}

} // namespace zipml
