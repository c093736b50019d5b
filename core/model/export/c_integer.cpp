// A header in C99 that is also C++, in whole numbers alone: for processors without a floating-point unit.

#include "core/model/export/c_text.h"
#include "core/model/export/format.h"
#include "core/model/export/integer_model.h"

#include <cmath>
#include <cstdint>

namespace zipml::exported {
namespace {

constexpr const char* kHead = R"(/* A linear model by ZipML Lab @VERSION@, trained on @ORIGIN@@CLASSES@.
   Whole numbers alone, without any floating point. C99 and C++; needs <stdint.h> only.

   Input f is the feature's value times 2 to the power zipml_input_bits[f], rounded to nearest.
   A score is the model's times 2 to the power ZIPML_SCORE_BITS. While no input is out of range
   (zipml_predict_integer returns 0) it differs from that by at most ZIPML_SCORE_ERROR. */
#ifndef ZIPML_MODEL_H
#define ZIPML_MODEL_H

#include <stdint.h>

#define ZIPML_FEATURES @FEATURES@
#define ZIPML_SCORES @SCORES@
#define ZIPML_SCORE_BITS (@SCORE_BITS@)
#define ZIPML_SCORE_ERROR INT64_C(@ERROR@)
#define ZIPML_REACH @REACH@ /* of an input, from its zero */

typedef @INPUT@ zipml_input;

)";

constexpr const char* kPredict =
    R"(/* The scores of one row of inputs. Returns how many inputs were out of range, and clamped. */
static inline int zipml_predict_integer(const zipml_input *x, int64_t *score) {
    int outside = 0;
    int f, k;
    for (k = 0; k < ZIPML_SCORES; ++k)
        score[k] = zipml_constant[k];
    for (f = 0; f < ZIPML_FEATURES; ++f) {
        const zipml_input zero = zipml_zero[f];
        int32_t steps;
        if (x[f] > zero + ZIPML_REACH) {
            steps = ZIPML_REACH;
            ++outside;
        } else if (x[f] < zero - ZIPML_REACH) {
            steps = -ZIPML_REACH;
            ++outside;
        } else {
            steps = (int32_t)(x[f] - zero);
        }
        for (k = 0; k < ZIPML_SCORES; ++k)
            score[k] += (int32_t)zipml_weight[(int32_t)k * ZIPML_FEATURES + f] * steps;
    }
    return outside;
}
)";

constexpr const char* kTwoClasses = R"(
/* Which class a row's scores stand for: 0 or 1. */
static inline int zipml_class(const int64_t *score) {
    return score[0] >= 0;
}
)";

constexpr const char* kManyClasses = R"(
/* Which class a row's scores stand for, from 0: the first of the highest. */
static inline int zipml_class(const int64_t *score) {
    int best = 0;
    int k;
    for (k = 1; k < ZIPML_SCORES; ++k)
        if (score[k] > score[best])
            best = k;
    return best;
}
)";

constexpr const char* kWhole = R"(
/* A score as a whole number of the label's units, halves away from zero. */
static inline int64_t zipml_whole(int64_t score) {
    const int64_t half = INT64_C(1) << (ZIPML_SCORE_BITS - 1);
    return score >= 0 ? (score + half) >> ZIPML_SCORE_BITS : -((half - score) >> ZIPML_SCORE_BITS);
}
)";

std::string labelList(const LinearModel& model) {
    std::string text;
    for (std::size_t c = 0; c < model.classLabels.size(); ++c)
        text += (c == 0 ? "" : ", ") + std::to_string(c) + " is " +
                (model.classNames.empty() ? inShortDouble(model.classLabels[c]) : model.classNames[c]);
    return text;
}

/// Labels that whole numbers of 32 bits hold, by class.
std::string labelArray(const LinearModel& model) {
    const auto& labels = model.classLabels;
    for (const double label : labels)
        if (label != std::nearbyint(label) || std::abs(label) > INT32_MAX)
            return {};
    return "\n/* The label of each class. */\n" +
           cArray("int32_t zipml_label[" + std::to_string(labels.size()) + "]", labels.size(),
                  [&](auto c) { return std::to_string(static_cast<std::int32_t>(labels[c])); });
}

} // namespace

static std::string cInteger(const LinearModel& model, const ExportOptions& options) {
    const int bits = options.bits == ExportOptions::kFloat ? IntegerModel::kMostBits : options.bits;
    if (bits < 2)
        throw InputError("bits: 1 is too few for signed integer weights; use 2 to 8, or leave it out for 16");
    const IntegerModel whole = integerModel(model, bits);
    const bool classes = model.task == Task::Classification;
    const auto wide = [](std::int64_t value) { return "INT64_C(" + std::to_string(value) + ")"; };
    const auto input = [&](std::int64_t value) { return whole.wide ? wide(value) : std::to_string(value); };
    std::string text = kHead;
    replaceAll(text, "@VERSION@", ZIPML_VERSION);
    replaceAll(text, "@FEATURES@", std::to_string(whole.features()));
    replaceAll(text, "@SCORES@", std::to_string(whole.scores()));
    replaceAll(text, "@SCORE_BITS@", std::to_string(whole.scoreBits));
    replaceAll(text, "@ERROR@", std::to_string(whole.error));
    replaceAll(text, "@REACH@", std::to_string(IntegerModel::kReach));
    replaceAll(text, "@INPUT@", whole.wide ? "int64_t" : "int32_t");
    replaceAll(text, "@CLASSES@", classes ? ".\n   Classes: " + commentText(labelList(model)) : "");
    replaceAll(text, "@ORIGIN@", commentText(originOf(model)));
    text += cArray("int16_t zipml_input_bits[ZIPML_FEATURES]", whole.features(),
                   [&](auto f) { return std::to_string(whole.inputBits[f]); });
    text += cArray("zipml_input zipml_zero[ZIPML_FEATURES]", whole.features(),
                   [&](auto f) { return input(whole.zero[f]); });
    text +=
        cArray(std::string(bits <= 8 ? "int8_t" : "int16_t") + " zipml_weight[ZIPML_SCORES * ZIPML_FEATURES]",
               whole.scores() * whole.features(), [&](auto i) {
                   return std::to_string(whole.weight[i / whole.features()][i % whole.features()]);
               });
    text += cArray("int64_t zipml_constant[ZIPML_SCORES]", whole.scores(),
                   [&](auto k) { return wide(whole.constant[k]); });
    text += kPredict;
    if (classes)
        text += (whole.scores() > 1 ? kManyClasses : kTwoClasses) + labelArray(model);
    else if (whole.scoreBits > 0 && whole.scoreBits < 62)
        text += kWhole;
    return text + "\n#endif\n";
}

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kCIntegerExport{
    .name = "c-integer",
    .extension = "h",
    .title = "C header, whole numbers",
    .summary = "Inference in C99 or C++ without any floating point, for processors that have none.",
    .integerWeights = true,
    .manyClasses = true,
    .doubles = true,
    .write = exported::cInteger,
};

} // namespace zipml
