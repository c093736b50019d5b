#pragma once
/// Takes a packed store's tiles apart into planes of bytes, which the kernels of 8-bit codes read: whatever
/// the copies, bits and levels are, a copy's value is
///
///     middle + slope (sum of scale * byte over its planes - centre),
///
/// middle, slope and centre being one a feature. On uniform levels the planes are the lower level's index,
/// which all copies share, and for each copy a bit, whether it is the level above; where levels are not
/// uniform, each copy has its own level, which is counted in 2^24 - 1 steps over the feature's range: as
/// fine as float32 has it.

#include "core/kernels/copy_kernels.h"
#include "core/quant/copy_choice.h"
#include "core/quant/sample_store.h"

#include "core/estimate/gradient_method.h"

#include <vector>

namespace zipml {

/// Some bits of every byte of a plane as it is stored.
struct BytePlane {
    std::size_t stored;
    unsigned char mask;
    unsigned char most; ///< the largest number that the bits make
    double scale;
    CopySet copies;       ///< whose values it is part of
    bool counts = false;  ///< a copy has one of these: where sums of factors are formed
    bool spreads = false; ///< of none: u (k - u), u of the k roundings being the upper ones
};

class CopyDecoder {
  public:
    /// What a thread works in.
    struct Scratch {
        std::vector<unsigned char> parts, low, high, ups, packedCoins, coins;
        std::vector<std::uint32_t> draws;
    };

    /// @param store and method outlive this
    CopyDecoder(const SampleStore& store, const GradientMethod& method, Isa isa);

    [[nodiscard]] const std::vector<BytePlane>& planes() const { return planes_; }
    [[nodiscard]] std::size_t stored() const { return stored_; } ///< planes
    [[nodiscard]] std::size_t lines() const { return lines_; }   ///< 64 bytes each, of a plane of a tile
    [[nodiscard]] const std::vector<double>& slope() const { return slope_; }
    [[nodiscard]] const std::vector<double>& middle() const { return middle_; }
    [[nodiscard]] double centre() const { return centre_; }
    /// Steps that copy 0 is above its planes: half a level, where it is the middle of an interval.
    [[nodiscard]] double firstCopyShift() const { return interval_ ? 0.5 : 0.0; }

    /// Whether the indices of a copy can be had as bytes (raise of the kernels), and fit.
    [[nodiscard]] bool hasIndices() const { return !hasTables() && !wide() && copies_ > 1; }

    /// Has a tile's codes come, which the store need not have.
    void fetch(std::size_t tile) const;
    /// @param epoch keys the coins @param to stored plane p begins at to + p * stride
    void decode(std::size_t tile, std::uint32_t epoch, Scratch& scratch, unsigned char* to,
                std::size_t stride) const;

  private:
    void setUniform();
    void setTables();
    void unpackAll(const unsigned char* tile, Scratch& scratch, unsigned char* low, unsigned char* high,
                   unsigned char* ups) const;
    void chooseCopies(std::size_t tile, std::uint32_t epoch, Scratch& scratch, unsigned char* ups) const;
    void lookUp(const unsigned char* low, const unsigned char* high, const unsigned char* ups, int copy,
                unsigned char* to, std::size_t stride) const;
    [[nodiscard]] std::size_t planeBytes() const { return lines_ * kLineBytes; }
    [[nodiscard]] bool needs(int copy) const { return (needed_ >> static_cast<unsigned>(copy) & 1U) != 0; }
    /// Indices do not fit a byte.
    [[nodiscard]] bool wide() const { return store_.options().bits > 8; }
    [[nodiscard]] bool hasTables() const { return !tables_.empty() || !nibbleTables_.empty(); }

    const SampleStore& store_;
    const CopyKernels& kernels_;
    const int copies_;
    const bool interval_; ///< roundings of Rounding::Interval, where copy 0 is an interval's middle
    const std::size_t lines_;
    const bool joins_; ///< codes do not fit a byte, and their parts no two bytes
    CopySet needed_;
    bool spreads_;
    std::vector<BytePlane> planes_;
    std::size_t stored_ = 0;
    std::vector<double> slope_, middle_;
    double centre_ = 0;
    const CopyChoice* choice_ = nullptr;      ///< of three and more copies
    std::vector<std::uint32_t> tables_;       ///< levels in steps, 2^bits a feature
    std::vector<unsigned char> nibbleTables_; ///< instead, for at most 4 bits: as CopyKernels reads them
};

} // namespace zipml
