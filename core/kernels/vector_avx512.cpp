#if defined(__x86_64__)
#include "core/kernels/vector_loops.h"

namespace zipml {

const VectorKernels kVectorAvx512 = kLoops;

} // namespace zipml
#endif
