#include "core/kernels/column_kernels.h"

namespace zipml {

const ColumnKernels& columnKernels(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kColumnAvx512;
    if (isa == Isa::Avx2)
        return kColumnAvx2;
#endif
    static_cast<void>(isa);
    return kColumnScalar;
}

} // namespace zipml
