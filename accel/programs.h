#pragma once
/// The programs that a run needs, with the options that its store and estimator call for.

#include "accel/program.h"
#include "core/estimate/gradient_method.h"
#include "core/quant/tile_layout.h"

namespace zipml {

/// Most tiles that a work-item of the packed kernels holds residuals of.
constexpr std::size_t kMostBlockTiles = 32;
constexpr std::size_t kMostBlockRows = 32; ///< of float32 rows
constexpr std::size_t kStepSpan = 64;      ///< features that a work-item steps

/// batchSums and takeStep on a store's codes.
cl::Program packedProgram(const ComputeContext& context, const TileLayout& layout,
                          const GradientMethod& method);
/// batchSums and takeStep on float32 rows.
cl::Program rowsProgram(const ComputeContext& context);
/// quantize.
cl::Program quantizeProgram(const ComputeContext& context, const TileLayout& layout, int copies,
                            Rounding rounding);
/// evaluate, readAll, copyAll.
cl::Program evaluateProgram(const ComputeContext& context);

} // namespace zipml
