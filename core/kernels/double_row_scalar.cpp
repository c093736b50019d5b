#include "core/kernels/double_row_loops.h"

namespace zipml {

const DoubleRowKernels kDoubleRowsScalar = kDoubleRowLoops;

} // namespace zipml
