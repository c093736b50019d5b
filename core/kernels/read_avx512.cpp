#if defined(__x86_64__)
#include "core/kernels/read_loops.h"

namespace zipml {

const ReadKernels kReadAvx512 = kReadLoops;

} // namespace zipml
#endif
