#if defined(__x86_64__)
#include "core/kernels/double_row_loops.h"

namespace zipml {

const DoubleRowKernels kDoubleRowsAvx2 = kDoubleRowLoops;

} // namespace zipml
#endif
