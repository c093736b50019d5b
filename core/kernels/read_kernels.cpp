#include "core/kernels/read_kernels.h"

namespace zipml {

const ReadKernels& readKernels(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kReadAvx512;
    if (isa == Isa::Avx2)
        return kReadAvx2;
#endif
    static_cast<void>(isa);
    return kReadScalar;
}

} // namespace zipml
