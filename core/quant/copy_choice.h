#pragma once
/// Which of a value's k >= 3 roundings are the upper ones: a uniform choice among the sets of so many copies
/// (docs/method.md#s3-5).
///
/// A value draws 16 bits: the upper 8 are its own, the lower 8 its feature's in a tile of 16 rows, so that
/// rows of a tile differ in more than 1/256 of all draws, and the values of a row do not depend on one
/// another. A choice's probability is right to 2^-16.

#include "core/kernels/copy_kernels.h"

#include <array>
#include <span>

namespace zipml {

class RandomStream;

class CopyChoice {
  public:
    /// @param copies 3..8
    explicit CopyChoice(int copies);

    /// The tables point into this. @param mostCode of those that are divided, at most 255
    [[nodiscard]] CopyTables tables(int mostCode = 255) const {
        return {copies_, mostCode, lower_.data(), ups_.data(), first_.data(), count_.data(), sets_.data()};
    }
    /// Which copies are above, bit i for copy i. @param ups how many, below the number of copies
    [[nodiscard]] unsigned chosen(std::uint32_t ups, std::uint32_t own, std::uint32_t shared) const {
        return sets_[first_[ups] + ((own * 256 + shared) * count_[ups] >> 16U)];
    }

  private:
    int copies_;
    std::array<unsigned char, 256> lower_{}, ups_{}, sets_{};
    std::array<unsigned char, 16> first_{}, count_{};
};

/// Made once. @param copies 3..8
const CopyChoice& copyChoiceOf(int copies);

/// Draws of a tile: those of its values, in lines as CopyKernels reads them, and then the features' own.
struct ChoiceDraws {
    std::size_t lines;
    explicit ChoiceDraws(std::size_t features) : lines((features + 3) / 4) {}

    [[nodiscard]] std::size_t words() const { return lines * 17; }
    [[nodiscard]] std::size_t shared() const { return lines * 64; } ///< bytes before the features' own
    /// @param coins of Purpose::CopyOrder, the store's seed and the epoch that reads. @param to words()
    void fill(const RandomStream& coins, std::size_t tile, std::span<std::uint32_t> to) const;
};

} // namespace zipml
