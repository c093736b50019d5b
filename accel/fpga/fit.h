#pragma once
/// What the pipeline does of what a run may ask for.

#include "accel/fpga/line_layout.h"
#include "core/lab/rules.h"
#include "core/quant/grid.h"

namespace zipml {

/// Between epochs' labels and the pipeline's: Q8.23 holds less than 256, so labels are divided by a power of
/// two, and so is the model; both exactly.
/// @return its exponent: the least that takes the labels to [-64, 64], which leaves room for dot products
int fpgaLabelShift(std::span<const float> labels);

/// The rules that a run on a pipeline breaks, all of them as one conflict of the device.
void addFpgaConflicts(const Situation& at, std::vector<Conflict>& conflicts);

/// The one that trains what the spec asks for: on [0, 1] where all training values are in it, else on
/// [-1, 1]. @throws InputError with all settings that would have to change, and to what
FpgaDesign fpgaDesignFor(const RunSpec& spec, const Dataset& train);

/// The design's levels; of the float design there are none.
Grid fpgaGrid(const FpgaDesign& design);

/// A step of a batch as the pipeline takes it, row by row: 2^-shift = step / batch.
/// @param batch a power of two. @return 0 to 31, the nearest
int fpgaStepShift(double step, std::size_t batch);

/// The share of an automatic step that leaves half of what is stable where the model is stale by `delay` rows and
/// refreshed each `batch` rows; at most 1. A step of the share g of a curvature's inverse a row, D rows late, is
/// stable below 2 sin(pi / (4 D + 2)) (the characteristic roots of x <- x - g x_late); an automatic step has g at
/// most 1 / (2 (batch + 1)) (docs/method.md#s18).
double fpgaStableShare(std::size_t batch, std::size_t delay);

/// The greatest power of two that is not above `step`.
double fpgaStepBelow(double step);

} // namespace zipml
