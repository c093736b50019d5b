#include "core/kernels/row_loops.h"

namespace zipml {

const RowKernels kRowsScalar = kRowLoops;

} // namespace zipml
