#include "core/kernels/table_kernels.h"

#include <bit>

namespace zipml {

const TableKernels& tableKernels(Isa isa, int width) {
    const auto index = static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(width)));
#if defined(__x86_64__)
    if (isa == Isa::Avx512)
        return kTableAvx512[index];
#endif
    static_cast<void>(isa);
    return kTableScalar[index];
}

} // namespace zipml
