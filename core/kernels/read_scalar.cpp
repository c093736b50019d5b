#include "core/kernels/read_loops.h"

namespace zipml {

const ReadKernels kReadScalar = kReadLoops;

} // namespace zipml
