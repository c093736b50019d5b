#pragma once
/// The pipeline's kernels as OpenCL C (accel/fpga/kernels), compiled into the program, so that it needs no
/// files to build them at run time on PoCL or a GPU.

#include "accel/fpga/line_layout.h"

namespace zipml {

/// connect.h and sgd.cl in one.
std::string fpgaKernelSource();
/// Build options that choose the design, for clBuildProgram, aoc and v++ alike.
std::string fpgaBuildOptions(const FpgaDesign& design);

} // namespace zipml
