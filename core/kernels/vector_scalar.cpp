#include "core/kernels/vector_loops.h"

namespace zipml {

const VectorKernels kVectorScalar = kLoops;

} // namespace zipml
