#pragma once
/// Minibatch SGD straight on packed codes, on uniform grids.
///
/// The value of a code c (the sum of k roundings' indices) is middle + slope (c - centre), the mean of the
/// roundings, with slope = gap / k. So with y = slope o x the inner product is  middle.x + y.(c - centre),
/// and the sum over rows of  r (middle + slope o (c - centre))  is the gradient: both passes work on the
/// codes as they are.
///
/// In integers, y and the residuals r are rounded at random to 8-bit integers times a scale, which is their
/// largest element over the number of steps: unbiased, since the gradient is linear in each
/// (docs/method.md#s4-1). In float32 neither is rounded.
///
/// A loss that is not quadratic has slope(a.x, b) (core/loss/loss.h) in the place of r, row by row between
/// the two passes.
///
/// Two roundings are Q1 = m + d and Q2 = m - d, with d = +-slope by a fair coin where the code is odd, else 0
/// (docs/method.md#s3-5). So double sampling is  m (m.x - b) - d (d.x)  symmetrized,  (m + d) (m.x - d.x - b)
/// plain, and in the mean over the coins  m (m.x - b) - slope^2 o odd o x,  which is docs/method.md#eq8.

#include "core/quant/store_kind.h"
#include "core/solve/minibatch_sgd.h"
#include "core/solve/packed/code_reader.h"
#include "core/solve/packed/kernel_task.h"

#include <string>

namespace zipml {

/// What makePackedSgd's result runs on: "packed, 8-bit integers, avx512".
std::string packedKernels(StoreKind store, const GradientMethod& method, Isa isa);

/// @param labels, method and team outlive the result. @param batch rows, as in the plans that it will run
std::unique_ptr<MinibatchSgd> makePackedSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels,
                                            std::size_t batch, const GradientMethod& method, ThreadTeam& team,
                                            Isa isa = activeIsa());

} // namespace zipml
