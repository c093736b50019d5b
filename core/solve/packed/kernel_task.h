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
    bool twoSlopes = false;      ///< each step takes slopes at two models, which one difference does not tell
};

/// Why the packed kernels cannot run it, in words that fit behind "because"; empty where they can, or where
/// it is not known yet.
std::string whyNotPacked(const KernelTask& task);
/// The same for a run whose data are here. @param bits of a level's index
std::string whyNotPacked(std::span<const Grid> grids, int bits, std::size_t rows,
                         const GradientMethod& method, std::size_t batch);

} // namespace zipml
