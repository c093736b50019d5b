#include "accel/fpga/reference.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

namespace zipml {
namespace {

/// (value * code) >> shift, cut to 32 bits.
std::int32_t shiftedProduct(std::int32_t value, std::int32_t code, int shift) {
    return static_cast<std::int32_t>((static_cast<std::int64_t>(value) * code) >> shift);
}

/// Sums wrap around; signed overflow is undefined in C++, hence unsigned.
std::int32_t wrappedSum(std::int32_t a, std::int32_t b) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
}

std::int32_t wrappedDifference(std::int32_t a, std::int32_t b) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b));
}

/// Q8.23, cut toward zero; saturated.
std::int32_t cutToFixed(float value) {
    const float scaled = std::ldexp(value, kFpgaFractionBits);
    if (std::isnan(scaled))
        return 0;
    if (scaled >= 0x1p31F)
        return std::numeric_limits<std::int32_t>::max();
    if (scaled < -0x1p31F)
        return std::numeric_limits<std::int32_t>::min();
    return static_cast<std::int32_t>(scaled);
}

float toFloat(std::int32_t fixed) {
    return std::ldexp(static_cast<float>(fixed), -kFpgaFractionBits);
}

struct FixedArithmetic {
    const FpgaLines& lines;
    int stepShift;

    [[nodiscard]] std::int32_t step(std::size_t r, std::span<const std::int32_t> x) const {
        std::int32_t dot = 0;
        for (std::size_t f = 0; f < x.size(); ++f)
            dot = wrappedSum(dot, shiftedProduct(x[f], lines.code(r, f, 0), lines.design.shift()));
        return wrappedDifference(dot, static_cast<std::int32_t>(lines.labelWord(r))) >> stepShift;
    }
    void update(std::size_t r, std::int32_t t, std::span<std::int32_t> x) const {
        for (std::size_t f = 0; f < x.size(); ++f)
            x[f] = wrappedDifference(x[f], shiftedProduct(t, lines.code(r, f, 1), lines.design.shift()));
    }
};

struct FloatArithmetic {
    const FpgaLines& lines;
    int stepShift;

    [[nodiscard]] float value(std::size_t r, std::size_t f) const {
        return std::bit_cast<float>(lines.row(r)[f]);
    }
    [[nodiscard]] float step(std::size_t r, std::span<const std::int32_t> x) const {
        std::int32_t dot = 0;
        for (std::size_t f = 0; f < x.size(); ++f)
            dot = wrappedSum(dot, cutToFixed(toFloat(x[f]) * value(r, f)));
        const auto label = std::bit_cast<float>(lines.labelWord(r));
        return (toFloat(dot) - label) * std::ldexp(1.0F, -stepShift);
    }
    void update(std::size_t r, float t, std::span<std::int32_t> x) const {
        for (std::size_t f = 0; f < x.size(); ++f)
            x[f] = wrappedDifference(x[f], cutToFixed(t * value(r, f)));
    }
};

template <class Arithmetic>
void runEpoch(const Arithmetic& arithmetic, std::size_t rows, const FpgaEpoch& epoch,
              std::span<std::int32_t> model) {
    std::vector<std::int32_t> read(model.begin(), model.end()); // `model` itself is x_loading
    std::vector<decltype(arithmetic.step(0, read))> steps(rows);
    for (std::size_t r = 0; r < rows + epoch.delay; ++r) {
        if (r < rows)
            steps[r] = arithmetic.step(r, read);
        if (r < epoch.delay)
            continue;
        const std::size_t late = r - epoch.delay;
        arithmetic.update(late, steps[late], model);
        if ((late & epoch.mask) == epoch.mask)
            read.assign(model.begin(), model.end());
    }
}

} // namespace

void runFpgaReference(const FpgaLines& lines, const FpgaEpoch& epoch, std::span<std::int32_t> model) {
    assert(model.size() == lines.features);
    if (lines.design.isFloat())
        runEpoch(FloatArithmetic{lines, epoch.stepShift}, lines.rows, epoch, model);
    else
        runEpoch(FixedArithmetic{lines, epoch.stepShift}, lines.rows, epoch, model);
}

} // namespace zipml
