#include "core/model/export/integer_model.h"

#include "core/base/error.h"
#include "core/model/export/input_range.h"

#include <algorithm>
#include <cmath>

namespace zipml::exported {
namespace {

constexpr int kMostExponent = 62; // of a sum and of an input: within 64 bits with a sign and room to add

/// The largest exponent e for which value * 2^e is at most `most`. @param value above 0
int exponentWithin(double value, double most) {
    int exponent = std::ilogb(most / value);
    while (std::ldexp(value, exponent) > most)
        --exponent;
    while (std::ldexp(value, exponent + 1) <= most)
        ++exponent;
    return exponent;
}

/// How inputs are written, by the range that a feature's values have.
void placeInputs(const FoldedModel& folded, double half, IntegerModel& result) {
    for (std::size_t f = 0; f < folded.features(); ++f) {
        const double reach = half / std::abs(folded.factor[f]);
        const double centre = folded.centre[f];
        if (!std::isfinite(reach) || reach <= 0 || !std::isfinite(centre))
            throw InputError("feature " + std::to_string(f + 1) + " has no finite range; use --to c-float");
        int bits = exponentWithin(reach, IntegerModel::kReach);
        if (centre != 0) // its own digits end before
            bits = std::min(bits, exponentWithin(std::abs(centre), std::ldexp(1, kMostExponent - 1)));
        result.inputBits.push_back(bits);
        result.zero.push_back(std::llround(std::ldexp(centre, bits)));
        result.wide = result.wide || std::abs(result.zero.back()) > INT32_MAX - 2 * IntegerModel::kReach;
    }
}

} // namespace

std::vector<std::int64_t> IntegerModel::scoresOf(std::span<const std::int64_t> inputs) const {
    std::vector<std::int64_t> sums = constant;
    for (std::size_t f = 0; f < features(); ++f) {
        const std::int64_t steps = inputs[f] > zero[f] + kReach   ? kReach
                                   : inputs[f] < zero[f] - kReach ? -kReach
                                                                  : inputs[f] - zero[f];
        for (std::size_t k = 0; k < scores(); ++k)
            sums[k] += weight[k][f] * steps;
    }
    return sums;
}

IntegerModel integerModel(const LinearModel& model, int bits) {
    const InputRange range = rangeOf(model.scaling.kind);
    if (model.scaling.kind == ScalingKind::RowUnit)
        throw InputError(
            "rows scaled to unit length need a square root, which whole numbers do not have here; "
            "use --to c-float, or train with another scaling");
    if (range.half == 0)
        throw InputError("the features were not scaled in training, so that their range is not known; "
                         "use --to c-float, or train with --scaling minmax");
    const FoldedModel folded = fold(model, range.middle);
    IntegerModel result;
    result.weightBits = bits;
    placeInputs(folded, range.half, result);
    const std::size_t features = folded.features(), scores = folded.scores();

    // The model by steps: score = constant + sum slope * (value * 2^inputBits - zero).
    std::vector<std::vector<double>> slope(scores, std::vector<double>(features));
    std::vector<double> constant = folded.constant;
    double steepest = 0, most = 0;
    for (std::size_t k = 0; k < scores; ++k) {
        double sum = 0;
        for (std::size_t f = 0; f < features; ++f) {
            slope[k][f] = std::ldexp(folded.weightsOf(k)[f] * folded.factor[f], -result.inputBits[f]);
            const double moved =
                static_cast<double>(result.zero[f]) - std::ldexp(folded.centre[f], result.inputBits[f]);
            constant[k] += slope[k][f] * moved;
            steepest = std::max(steepest, std::abs(slope[k][f]));
            sum += std::abs(slope[k][f]) * IntegerModel::kReach;
        }
        most = std::max(most, sum + std::abs(constant[k]));
    }
    if (!std::isfinite(most))
        throw InputError("the model's scores are beyond the numbers that there are; use --to onnx");
    const double mostWeight = (1 << (bits - 1)) - 1;
    // Rounding adds at most half a step's reach a feature, for which one bit of sums is kept.
    if (most > 0)
        result.scoreBits = exponentWithin(most, std::ldexp(1, kMostExponent - 1));
    if (steepest > 0)
        result.scoreBits = std::min(result.scoreBits, exponentWithin(steepest, mostWeight));

    double error = 0;
    for (std::size_t k = 0; k < scores; ++k) {
        result.constant.push_back(std::llround(std::ldexp(constant[k], result.scoreBits)));
        auto& weights = result.weight.emplace_back();
        double missed = 0.5; // by the constant
        for (const double each : slope[k]) {
            const double exact = std::ldexp(each, result.scoreBits);
            weights.push_back(static_cast<std::int32_t>(std::lround(exact)));
            missed += std::abs(exact) / 2 + std::abs(exact - weights.back()) * IntegerModel::kReach;
        }
        error = std::max(error, missed);
    }
    constexpr double kOwnRounding = 0x1p-48; // of these sums in double
    result.error =
        static_cast<std::int64_t>(std::ceil(error + std::ldexp(most, result.scoreBits) * kOwnRounding));
    return result;
}

} // namespace zipml::exported
