#pragma once
/// The bit-packed samples that training reads. One code a value, no padding between values or rows:
///
///     value (r, f) = bits [(r * features + f) * bitsPerCode, + bitsPerCode) of the store, least significant
///     first
///
/// A code is the sum of the level indices of a value's k roundings. Roundings of one value are equal or
/// neighbours, so code div k is the lower level and code mod k tells how many roundings are one above: with
/// one rounding the code is the index (b bits), with two it takes b + 1 bits, with k at most b + ceil(log2
/// k). Which of the roundings are the upper ones is drawn when the code is read (method.md 3.5).

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/quant/grid.h"
#include "core/quant/rounding.h"

#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

struct StoreOptions {
    int bits = 8;   ///< of a level index, 1..16
    int copies = 1; ///< independent roundings of each value, 1..8
    Rounding rounding = Rounding::Stochastic;
    std::uint64_t seed = 1;
};

class SampleStore {
  public:
    /// Allocates; holds no samples until build(). @param grids at most 2^bits levels each
    SampleStore(std::size_t rows, std::vector<Grid> grids, const StoreOptions& options);

    /// Rounds and packs all rows. @param epoch keys the draws: another epoch gives fresh roundings.
    void build(const Dataset& data, std::uint32_t epoch, ThreadTeam& team, const Job& job = {});

    /// Unpacks a row: `copies` rows of `features` values. @param epoch keys the draw that orders the copies
    void decode(std::uint32_t row, std::uint32_t epoch, std::span<float> values) const;
    /// The packed code of a value, for tests and inspection.
    [[nodiscard]] std::uint32_t code(std::size_t row, std::size_t feature) const;

    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] int copies() const { return options_.copies; }
    [[nodiscard]] const StoreOptions& options() const { return options_; }
    [[nodiscard]] int bitsPerCode() const { return bitsPerCode_; }
    /// ceil(log2(copies * (2^bits - 1) + 1))
    static int bitsPerCode(const StoreOptions& options);
    /// Bytes of packed codes, without the codebook and the labels.
    [[nodiscard]] std::uint64_t bytes() const;
    /// The packed codes themselves, bytes() of them.
    [[nodiscard]] std::span<const unsigned char> packed() const;
    /// Takes over codes that packed() gave. @param codes bytes() of them
    void restore(std::span<const unsigned char> codes);
    /// Bytes that decoding needs beside the codes: two floats a uniform grid, one a level of any other.
    [[nodiscard]] std::uint64_t codebookBytes() const;
    [[nodiscard]] const std::vector<Grid>& grids() const { return grids_; }

  private:
    /// A feature's levels as floats: low + index * gap, or the table's.
    struct Decoder {
        float low, gap;
        const float* table; ///< null: uniform
        [[nodiscard]] float level(std::uint32_t index) const {
            return table != nullptr ? table[index]
                                    : low + static_cast<float>(static_cast<std::int32_t>(index)) * gap;
        }
    };

    void makeDecoders();
    [[nodiscard]] std::uint64_t bitOffset(std::size_t row) const;
    void decodeOne(std::uint64_t offset, std::span<float> values) const;
    void decodeTwo(std::uint32_t row, std::uint32_t epoch, std::uint64_t offset,
                   std::span<float> values) const;
    void decodeMany(std::uint32_t row, std::uint32_t epoch, std::uint64_t offset,
                    std::span<float> values) const;

    std::size_t rows_;
    std::vector<Grid> grids_;
    StoreOptions options_;
    int bitsPerCode_;
    std::vector<std::vector<float>> tables_; ///< of grids that are not uniform; one where they share it
    std::vector<Decoder> decoders_;          ///< one a feature
    std::vector<std::uint64_t> words_;
};

} // namespace zipml
