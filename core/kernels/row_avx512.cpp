#if defined(__x86_64__)
#include "core/kernels/row_loops.h"

namespace zipml {

const RowKernels kRowsAvx512 = kRowLoops;

} // namespace zipml
#endif
