#include "core/kernels/double_row_kernels.h"

namespace zipml {

const DoubleRowKernels& doubleRowKernels(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kDoubleRowsAvx512;
    if (isa == Isa::Avx2)
        return kDoubleRowsAvx2;
#endif
    static_cast<void>(isa);
    return kDoubleRowsScalar;
}

} // namespace zipml
