#pragma once
/// The bit-packed samples that training reads. One code a value, no padding between values or rows:
///
///     value (r, f) = bits [(r * features + f) * bitsPerCode, + bitsPerCode) of the store, least significant
///     first
///
/// With one rounding a code is the level's index (b bits). With two it is the sum of both indices (b + 1
/// bits): two roundings of a value are equal or adjacent, so the sum tells them apart as a pair, and a fair
/// coin restores which is which (method.md 3.5).

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/quant/grid.h"

#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

struct StoreOptions {
    int bits = 8;   ///< of a level index, 1..16
    int copies = 1; ///< independent roundings of each value: 1 or 2
    Rounding rounding = Rounding::Stochastic;
    std::uint64_t seed = 1;
};

class SampleStore {
  public:
    /// Allocates; holds no samples until build().
    SampleStore(std::size_t rows, std::vector<UniformGrid> grids, const StoreOptions& options);

    /// Rounds and packs all rows. @param epoch keys the draws: another epoch gives fresh roundings.
    void build(const Dataset& data, std::uint32_t epoch, ThreadTeam& team, const Job& job = {});

    /// Unpacks a row: `copies` rows of `features` values. @param epoch keys the coin that orders two copies
    void decode(std::uint32_t row, std::uint32_t epoch, std::span<float> values) const;
    /// The packed code of a value, for tests and inspection.
    [[nodiscard]] std::uint32_t code(std::size_t row, std::size_t feature) const;

    [[nodiscard]] int copies() const { return options_.copies; }
    [[nodiscard]] int bitsPerCode() const { return options_.bits + options_.copies - 1; }
    /// Bytes of packed codes, without the codebook (two floats a feature) and the labels.
    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] const std::vector<UniformGrid>& grids() const { return grids_; }

  private:
    [[nodiscard]] std::uint64_t bitOffset(std::size_t row) const;

    std::size_t rows_;
    std::vector<UniformGrid> grids_;
    StoreOptions options_;
    std::vector<float> low_, gap_; ///< of each feature's grid, for decoding
    std::vector<std::uint64_t> words_;
};

/// Mean over `rows` of each feature's rounding variance, the diagonal of mean D_a in method.md (3).
std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const std::uint32_t> rows,
                                         std::span<const UniformGrid> grids);

} // namespace zipml
