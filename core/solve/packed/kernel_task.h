#pragma once
/// What kernels on packed codes are asked to train, as far as it is known: whether they can is asked before
/// the data are read, too.

#include "core/estimate/gradient_method.h"
#include "core/quant/grid.h"

#include <optional>
#include <span>
#include <string>

namespace zipml {

struct KernelTask {
    const Estimator& estimator;
    int copies;            ///< roundings of a value; 0: float32 rows
    int bits;              ///< of a level's index
    bool integer;          ///< GradientMethod::integer
    VectorQuantizer model; ///< the model's channel
    std::size_t batch;
    std::optional<std::size_t> rows, features;
    std::span<const Grid> grids; ///< empty: not placed yet
    bool quadratic = true;       ///< the loss
    bool planes = false;         ///< codes are read from bit planes
    bool twoSlopes = false;      ///< each step takes slopes at two models, which one difference does not tell
};

/// Why the packed kernels cannot run it, in words that fit behind "because"; empty where they can, or where
/// it is not known yet.
std::string whyNotPacked(const KernelTask& task);
/// A run whose data are here. @param bits of a level's index. @param planes its store's
KernelTask taskOf(std::span<const Grid> grids, int bits, std::size_t rows, const GradientMethod& method,
                  std::size_t batch, bool planes = false);
std::string whyNotPacked(std::span<const Grid> grids, int bits, std::size_t rows,
                         const GradientMethod& method, std::size_t batch, bool planes = false);
/// Whether its batches are so small that small_batch_sgd.h runs them, which may begin anywhere; nothing where
/// that is not known yet.
std::optional<bool> hasSmallBatches(const KernelTask& task);

} // namespace zipml
