#pragma once
/// The programs that a run needs, with the options that its store and estimator call for.

#include "accel/program.h"
#include "core/estimate/gradient_method.h"
#include "core/quant/sample_store.h"

namespace zipml {

constexpr std::size_t kMostBlockTiles = 32; ///< most tiles that the packed kernels hold residuals of
constexpr std::size_t kMostGroupTiles = 8;  ///< as many where a work-group shares them
constexpr std::size_t kMostBlockRows = 32;  ///< of float32 rows

/// How kernels share work (accel/kernels/group.cl).
struct Grouping {
    std::size_t items = 1; ///< of a work-group, a power of 2 from 32; 1: CPUs, an item with long vectors
    [[nodiscard]] bool shared() const { return items > 1; }
    /// Features that a group steps.
    [[nodiscard]] std::size_t span() const { return shared() ? items : 64; }
};

/// One item on CPUs, groups elsewhere; the environment's ZIPML_OPENCL_VARIANT=cpu|gpu takes the other
/// kernels.
/// @throws InputError where that is neither
Grouping groupingFor(const OpenClDevice& device);

/// How codes lie on the device while they train. A code of two roundings is cut as few times as possible,
/// where the kernels can do without its lowest bit apart.
TileLayout trainingLayout(std::size_t features, const GradientMethod& method, const StoreOptions& store);
/// Bytes a tile of what drawing the coins leaves (accel/kernels/coins.cl); 0: the estimator draws none.
std::size_t tossedBytes(const TileLayout& layout, const GradientMethod& method, const Grouping& grouping);

/// The type of the counts of odd codes. @param batch rows
[[nodiscard]] inline bool wideCounts(std::size_t batch) {
    return batch > UINT16_MAX;
}

/// What a field of each feature counts, part by part: 2^shift, and, where kernels leave bits at their place
/// in a word, 2^-8 a byte.
std::vector<float> fieldScales(const TileLayout& layout, const Grouping& grouping);

/// Kernels of samples: train. @param batch rows
cl::Program packedProgram(const ComputeContext& context, const TileLayout& layout,
                          const GradientMethod& method, std::size_t batch, const Grouping& grouping);
cl::Program rowsProgram(const ComputeContext& context, std::size_t batch, const Grouping& grouping);
/// countOdd.
cl::Program oddProgram(const ComputeContext& context, const TileLayout& layout, std::size_t batch,
                       const Grouping& grouping);
/// step_kernels.cl, for all samples.
cl::Program stepProgram(const ComputeContext& context, std::size_t batch, const Grouping& grouping);
/// quantize.
cl::Program quantizeProgram(const ComputeContext& context, const TileLayout& layout, int copies,
                            Rounding rounding);
/// evaluate, readAll, copyAll.
cl::Program evaluateProgram(const ComputeContext& context);

} // namespace zipml
