#include "accel/fpga/line_layout.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <array>
#include <bit>
#include <cmath>

namespace zipml {
namespace {

constexpr std::array<FpgaDesign, 8> kDesigns{
    {{1, true}, {2, true}, {4, true}, {8, true}, {2, false}, {4, false}, {8, false}, {32, true}}};

std::size_t ceilOf(std::size_t dividend, std::size_t divisor) {
    return (dividend + divisor - 1) / divisor;
}

/// Stochastic rounding to a multiple of 2^-shift (docs/method.md#s2-1), in multiples.
std::uint32_t roundedLevel(float value, int shift, double uniform) {
    const double scaled = std::ldexp(static_cast<double>(value), shift);
    const double below = std::floor(scaled);
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(below) + (uniform < scaled - below ? 1 : 0));
}

void checkShape(std::size_t values, std::size_t labels, std::size_t features) {
    if (features == 0 || features > kFpgaMaxFeatures)
        throw InputError("the FPGA pipeline holds models of 1 to " + std::to_string(kFpgaMaxFeatures) +
                         " features, these rows have " + std::to_string(features));
    if (values != labels * features)
        throw InputError(std::to_string(values) + " values are not " + std::to_string(labels) + " rows of " +
                         std::to_string(features) + " features");
}

void checkValue(const FpgaDesign& design, float value, std::size_t row, std::size_t feature) {
    const float lowest = design.unitRange ? 0.0F : -1.0F;
    if (!design.isFloat() && !(value >= lowest && value <= 1.0F))
        throw InputError("row " + std::to_string(row + 1) + ", feature " + std::to_string(feature + 1) +
                         ": " + std::to_string(value) + " is outside " +
                         (design.unitRange ? "[0, 1]" : "[-1, 1]") + "; scale the columns first");
}

std::uint32_t labelWordOf(const FpgaDesign& design, float label, std::size_t row) {
    if (design.isFloat())
        return std::bit_cast<std::uint32_t>(label);
    try {
        return static_cast<std::uint32_t>(toFpgaFixed(label));
    } catch (const InputError& error) {
        throw InputError("row " + std::to_string(row + 1) + ", label: " + error.what());
    }
}

} // namespace

std::string FpgaDesign::name() const {
    if (isFloat())
        return "float";
    return "q" + std::to_string(bits) + (unitRange ? "_unit" : "_signed");
}

std::span<const FpgaDesign> fpgaDesigns() {
    return kDesigns;
}

std::size_t fpgaLinesPerRow(const FpgaDesign& design, std::size_t features) {
    const std::size_t valueBits = design.isFloat() ? 32 : 2 * static_cast<std::size_t>(design.bits);
    return ceilOf(valueBits * features + 32, 32 * kFpgaLineWords);
}

std::size_t fpgaStaleRows(const FpgaDesign& design, std::size_t linesPerRow) {
    return ceilOf(static_cast<std::size_t>(design.updateLatencyCycles()),
                  linesPerRow * design.beatsPerLine());
}

bool publishedMissesALine(const FpgaDesign& design, std::size_t features) {
    if (design.isFloat())
        return false;
    const std::size_t inLastLine = features % design.valuesPerLine();
    const std::size_t besideLabel = design.valuesPerLine() - 16 / static_cast<std::size_t>(design.bits);
    return inLastLine == 0 || inLastLine > besideLabel;
}

std::int32_t FpgaLines::code(std::size_t r, std::size_t feature, int copy) const {
    const auto bits = static_cast<std::size_t>(design.bits);
    const std::size_t at = (2 * feature + static_cast<std::size_t>(copy)) * bits;
    const auto field = static_cast<std::int32_t>((row(r)[at / 32] >> (at % 32)) & ((1U << bits) - 1U));
    const std::int32_t top = 1 << (bits - 1);
    return field < top || (design.unitRange && field == top) ? field : field - 2 * top;
}

FpgaLines packFpgaLines(const FpgaDesign& design, std::span<const float> values,
                        std::span<const float> labels, std::size_t features, std::uint64_t seed,
                        std::uint32_t epoch) {
    checkShape(values.size(), labels.size(), features);
    FpgaLines lines{design, labels.size(), features, fpgaLinesPerRow(design, features), {}};
    const std::size_t rowWords = lines.linesPerRow * kFpgaLineWords;
    lines.words.assign(lines.rows * rowWords, 0);
    const std::array<RandomStream, 2> draws{RandomStream(seed, Purpose::SampleRounding, epoch, 0),
                                            RandomStream(seed, Purpose::SampleRounding, epoch, 1)};
    const auto bits = static_cast<std::size_t>(design.bits);
    for (std::size_t r = 0; r < lines.rows; ++r) {
        std::uint32_t* row = lines.words.data() + r * rowWords;
        for (std::size_t f = 0; f < features; ++f) {
            const float value = values[r * features + f];
            checkValue(design, value, r, f);
            if (design.isFloat()) {
                row[f] = std::bit_cast<std::uint32_t>(value);
                continue;
            }
            for (std::size_t copy = 0; copy < 2; ++copy) {
                const double uniform =
                    draws[copy].uniform(static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(f));
                const std::uint32_t field =
                    roundedLevel(value, design.shift(), uniform) & ((1U << bits) - 1U);
                const std::size_t at = (2 * f + copy) * bits;
                row[at / 32] |= field << (at % 32);
            }
        }
        row[rowWords - 1] = labelWordOf(design, labels[r], r);
    }
    return lines;
}

std::int32_t toFpgaFixed(float value) {
    if (!(value >= -256.0F && value < 256.0F))
        throw InputError(std::to_string(value) +
                         " does not fit Q8.23 fixed point, which spans [-256, 256); scale it first");
    return static_cast<std::int32_t>(std::ldexp(value, kFpgaFractionBits));
}

} // namespace zipml
