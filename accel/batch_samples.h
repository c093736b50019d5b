#pragma once
/// What batches are made of, and how a device takes them best.

#include "accel/programs.h"
#include "accel/tuning.h"

#include <optional>

namespace zipml {

/// A task's sizes.
struct BatchShape {
    std::size_t features, rows, batch; ///< rows of the data, and of a batch
    [[nodiscard]] std::size_t batches() const { return (rows + batch - 1) / batch; }
};

/// A value is base + slope * code, one of each a feature; float32 rows: 0 + 1 * value.
struct BatchSamples {
    std::optional<TileLayout> layout; ///< none: float32 rows
    std::vector<double> slope, base;
    std::uint64_t seed = 0; ///< of the coins

    static BatchSamples rows(std::size_t features);
    /// Codes in trainingLayout, on uniform grids.
    static BatchSamples codes(const GradientMethod& method, std::span<const Grid> grids,
                              const StoreOptions& store);
    [[nodiscard]] std::size_t bytes(std::size_t rows) const;
};

/// As measured on the device, once for all tasks of about these sizes (tuning.h); by rule where an epoch is
/// over before anything can be measured.
Tuning tuningFor(const ComputeContext& context, const GradientMethod& method, const BatchShape& shape,
                 const BatchSamples& samples);

} // namespace zipml
