#pragma once
/// The 64-byte lines that the FPGA pipeline reads: the published pair layout (Kara et al., "FPGA-accelerated
/// Dense Linear Machine Learning", FCCM 2017, code ZipML-XeonFPGA; docs/method.md#s8-4).
///
/// A code of q bits is stored twice, rounded independently: bits [2 q j, 2 q j + q) of a row are sample 1 of
/// feature j, for the dot product, and the next q bits sample 2, for the gradient. Codes are two's
/// complement. On [0, 1] a level is 2^-(q-1), and the top code 10..0, negative in two's complement, stands
/// for +1; on
/// [-1, 1] a level is 2^-(q-2). Float rows hold each value once, as float32. The last 32 bits of a row's last
/// line are the label: Q8.23 fixed point, or float32. What lies between is zero. A row takes
/// ceil((2 q n + 32) / 512) lines (docs/method.md#s12-13: the same count in hardware and software).

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace zipml {

constexpr std::size_t kFpgaLineWords = 16;
/// Of the on-chip model, as published.
constexpr std::size_t kFpgaMaxFeatures = 8192;
/// Of Q8.23: the model, the dot product, the residual and the label.
constexpr int kFpgaFractionBits = 23;

/// One width and range of samples: one kernel, one FPGA image.
struct FpgaDesign {
    int bits = 8;          ///< of a code: 1, 2, 4 or 8; 32: float
    bool unitRange = true; ///< values in [0, 1], else in [-1, 1] (2, 4 and 8 bits)

    [[nodiscard]] bool isFloat() const { return bits == 32; }
    /// h: a level is 2^-h.
    [[nodiscard]] int shift() const { return unitRange ? bits - 1 : bits - 2; }
    [[nodiscard]] std::size_t valuesPerLine() const {
        return isFloat() ? kFpgaLineWords : 256 / static_cast<std::size_t>(bits);
    }
    /// The pipeline takes 128 values a cycle at most: a line of 1-bit codes takes two (docs/method.md#s8-4).
    [[nodiscard]] std::size_t beatsPerLine() const { return bits == 1 ? 2 : 1; }
    [[nodiscard]] std::size_t lanes() const { return valuesPerLine() / beatsPerLine(); }
    /// Of the dot product's adder tree, as published: 4 for float, 5, 6, 7, 8 for 8, 4, 2, 1 bits.
    [[nodiscard]] int adderTreeDepth() const { return std::countr_zero(valuesPerLine()); }
    /// From the last beat of a row to its update of the model: so long is the model stale. Of the published
    /// RTL, simulated cycle by cycle (docs/method.md#s8-4).
    [[nodiscard]] int updateLatencyCycles() const { return isFloat() ? 43 : std::countr_zero(lanes()) + 9; }
    /// "q4_unit", "q8_signed", "float".
    [[nodiscard]] std::string name() const;
};

/// Every design there are kernels for.
std::span<const FpgaDesign> fpgaDesigns();

/// @param features with the bias feature, if there is one
std::size_t fpgaLinesPerRow(const FpgaDesign& design, std::size_t features);

/// Rows that the model is stale by: the fewest whose beats cover the latency until an update, as in the published
/// hardware.
std::size_t fpgaStaleRows(const FpgaDesign& design, std::size_t linesPerRow);

/// Whether the published hardware, unlike its packing software and this lab, takes one line of a row fewer than it
/// has, and trains on what is no label: where the samples of the last line leave no room for it (simulated,
/// docs/method.md#s8-4).
bool publishedMissesALine(const FpgaDesign& design, std::size_t features);

/// Packed rows of one epoch.
struct FpgaLines {
    FpgaDesign design;
    std::size_t rows = 0;
    std::size_t features = 0;
    std::size_t linesPerRow = 0;
    std::vector<std::uint32_t> words;

    [[nodiscard]] const std::uint32_t* row(std::size_t r) const {
        return words.data() + r * linesPerRow * kFpgaLineWords;
    }
    /// Sample 1 (copy 0) or sample 2 (copy 1) of a feature, in levels.
    [[nodiscard]] std::int32_t code(std::size_t r, std::size_t feature, int copy) const;
    [[nodiscard]] std::uint32_t labelWord(std::size_t r) const {
        return row(r)[linesPerRow * kFpgaLineWords - 1];
    }
};

/// @param values rows * features, row-major, in the design's range. @param seed of the roundings (Philox: a
/// draw depends on seed, epoch, row, feature and sample alone). @param epoch roundings are drawn anew for
/// each
/// @throws InputError naming the row and column of a value or label out of range, or when there are more than
/// 8192 features
FpgaLines packFpgaLines(const FpgaDesign& design, std::span<const float> values,
                        std::span<const float> labels, std::size_t features, std::uint64_t seed,
                        std::uint32_t epoch = 0);

/// Q8.23, truncated toward zero as published (docs/method.md#s12-14). @throws InputError outside [-256, 256)
std::int32_t toFpgaFixed(float value);

} // namespace zipml
