#include "core/kernels/checksum_kernels.h"

namespace zipml {

const ChecksumKernels& checksumKernels(Isa isa) {
#if defined(__x86_64__)
    if (isa != Isa::Scalar)
        return kChecksumAvx2;
#endif
    static_cast<void>(isa);
    return kChecksumScalar;
}

} // namespace zipml
