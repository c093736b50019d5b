#pragma once
/// What the FPGA pipeline computes, in scalar C++: the kernels equal it bit for bit (docs/method.md#s8-4).
///
/// Fixed point: model x, dot product, residual and label are int32 in Q8.23. Every product is shifted right
/// arithmetically (floor) before it is added; q1, q2 are the two samples, in levels 2^-h:
///
///     dot = sum_j (x_j q1_j) >> h,   t = (dot - b) >> stepShift,   x_j -= (t q2_j) >> h
///
/// the hardware's rule; the published software shifts once, by stepShift + h, and differs in the last bits.
/// A product has as many bits as it needs, its shifted value is cut to 32 bits, and sums wrap around modulo
/// 2^32, as adders without carry-out do: nothing saturates, and the order of a sum does not matter.
///
/// The float design is the published hybrid: its model is in Q8.23 too. A value of it becomes a float32 (to the
/// nearest) where it is multiplied; each product is cut toward zero to Q8.23 and saturated (NaN counts 0):
///
///     dot = sum_j cut(float(x_j) a_j),   t = (float(dot) - b) 2^-stepShift,   x_j -= cut(t a_j)
///
/// Two copies of the model: the dot product reads `x`, updates go to `x_loading`. x is refreshed after each
/// row whose index AND mask is mask, and at the end of the epoch. Rows overlap in the pipeline: row r is
/// multiplied while row r - delay is added to the model, so it misses the updates of rows r - delay to r - 1.

#include "accel/fpga/line_layout.h"

namespace zipml {

struct FpgaEpoch {
    int stepShift = 0;      ///< step 2^-stepShift, 0..31
    std::uint32_t mask = 1; ///< published: 1 for fixed point (batches of 2), 0 for float
    std::size_t delay = 1;  ///< rows; 0 is plain SGD, which no pipeline does
};

/// Covers the float design's 43 cycles where a row is one line. MAX_DELAY of accel/fpga/kernels/sgd.cl.
constexpr std::size_t kFpgaMaxDelay = 64;

/// @param model one Q8.23 number a feature
void runFpgaReference(const FpgaLines& lines, const FpgaEpoch& epoch, std::span<std::int32_t> model);

} // namespace zipml
