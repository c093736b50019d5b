#pragma once
/// Randomness is a function: a counter-based generator (Philox4x32-10) keyed by (seed, purpose, epoch, row,
/// column, copy). A draw does not depend on threads, evaluation order, instruction set or device.

#include <array>
#include <cstdint>

namespace zipml {

/// What a draw is for; draws of different purposes are independent.
enum class Purpose : std::uint16_t {
    SampleRounding = 1,    ///< rounding the samples into the store
    CopyOrder = 2,         ///< which of a value's roundings is copy 1, 2, ... (docs/method.md#s3-5, the coin)
    Shuffle = 3,           ///< row order of an epoch
    Split = 4,             ///< training or test row
    BiasRows = 5,          ///< rows of the bias measurement
    BiasRounding = 6,      ///< its roundings
    Synthetic = 7,         ///< generated data
    RandomModel = 8,       ///< models at which the bias is measured
    ModelRounding = 9,     ///< the model, each time it is sent
    GradientRounding = 10, ///< the gradient, each time it is sent
    ResidualRounding = 11, ///< residuals, for integer arithmetic
    WindowOrder = 12,      ///< order of an epoch's windows, where a store is larger than memory
    LevelRows = 13,        ///< rows that levels are placed by, where there are too many for memory
    Sketch = 14,           ///< signs of a random projection (core/estimate/refetching.h)
    RoundingOnScreen = 15, ///< one value again and again, for a person to watch
    SinogramNoise = 16,    ///< noise on measured ray sums
};

/// Four independent 32-bit words.
using RandomWords = std::array<std::uint32_t, 4>;

/// One stream of draws: everything but row and column fixed.
class RandomStream {
  public:
    /// @param copy which of several independent roundings of one value, from 0
    RandomStream(std::uint64_t seed, Purpose purpose, std::uint32_t epoch = 0, std::uint16_t copy = 0)
        : seed_(seed), epoch_(epoch),
          use_((static_cast<std::uint32_t>(purpose) << 16) | static_cast<std::uint32_t>(copy)) {}

    /// The words of columns 4 * block to 4 * block + 3 of a row.
    [[nodiscard]] RandomWords words(std::uint32_t row, std::uint32_t block) const;
    /// Uniform in [0, 1), 32 bits; never 1 (docs/method.md#s12-5).
    [[nodiscard]] double uniform(std::uint32_t row, std::uint32_t column) const;
    /// Standard normals (Box-Muller) of columns 4 * block to 4 * block + 3 of a row.
    [[nodiscard]] std::array<double, 4> normals(std::uint32_t row, std::uint32_t block) const;

    /// The seed keys the generator; epoch and use (purpose and copy) are two of its counter's four words.
    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
    [[nodiscard]] std::uint32_t use() const { return use_; }

  private:
    std::uint64_t seed_;
    std::uint32_t epoch_;
    std::uint32_t use_;
};

} // namespace zipml
