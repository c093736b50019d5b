#include "core/kernels/round_kernels.h"

#include "core/kernels/isa.h"

namespace zipml {

const RoundKernels& roundKernels(Isa isa) {
    static constexpr RoundKernels scalar{fillWordsScalar, roundUniformScalar, roundTableScalar,
                                         packLinesScalar, addVarianceScalar};
#if defined(__x86_64__)
    static constexpr RoundKernels avx2{fillWordsAvx2, roundUniformAvx2, roundTableAvx2, packLinesAvx2,
                                       addVarianceAvx2};
    static constexpr RoundKernels avx512{fillWordsAvx512, roundUniformAvx512, roundTableAvx512,
                                         packLinesAvx512, addVarianceAvx512};
    if (isa == Isa::Avx512)
        return avx512;
    if (isa == Isa::Avx2)
        return avx2;
#endif
    return scalar;
}

} // namespace zipml
