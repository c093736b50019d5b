#if defined(__x86_64__)
#include "core/kernels/read_loops.h"

namespace zipml {

const ReadKernels kReadAvx2 = kReadLoops;

} // namespace zipml
#endif
