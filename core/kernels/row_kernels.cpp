#include "core/kernels/row_kernels.h"

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

} // namespace zipml
