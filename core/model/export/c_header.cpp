// A header in C99 that is also C++: constant weights and two ways to predict, with nothing else needed.

#include "core/model/export/folded_model.h"
#include "core/model/export/format.h"
#include "core/model/export/integer_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>

namespace zipml::exported {
namespace {

constexpr int kMostCode = 127; // of an input
constexpr int kDefaultBits = 8;

/// The scaled values that codes stand for: middle - half to middle + half.
struct InputRange {
    double middle = 0, half = 0; ///< half 0: not known
    const char* why = "";
};

InputRange rangeOf(ScalingKind kind) {
    switch (kind) {
    case ScalingKind::MinMax:
    case ScalingKind::MaxAbs:
    case ScalingKind::RowUnit:
        return {0, 1, "scaled values are in [-1, 1]"};
    case ScalingKind::Unit:
        return {0.5, 0.5, "scaled values are in [0, 1]"};
    case ScalingKind::Standard:
        return {0, 8, "values up to 8 standard deviations from the mean"};
    case ScalingKind::None:
        return {};
    }
    return {};
}

std::string number(double value, const char* format, const char* suffix) {
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    std::string literal(text);
    if (literal.find_first_of(".e") == std::string::npos)
        literal += ".0";
    return literal + suffix;
}

std::string asFloat(double value) {
    return number(value, "%.9g", "f");
}

std::string asDouble(double value) {
    return number(value, "%.17g", "");
}

std::string array(const std::string& declaration, std::size_t count,
                  const std::function<std::string(std::size_t)>& element) {
    constexpr std::size_t kWidth = 100;
    std::string text = "static const " + declaration + "[ZIPML_FEATURES] = {\n   ";
    std::size_t column = 3;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string word = " " + element(i) + (i + 1 < count ? "," : "");
        if (column + word.size() > kWidth) {
            text += "\n   ";
            column = 3;
        }
        text += word;
        column += word.size();
    }
    return text + "\n};\n\n";
}

/// Text for a comment: one line, and nothing that ends it.
std::string commentText(std::string text) {
    for (char& c : text)
        if (c == '\n' || c == '\r' || c == '\\' || c == '*' || c == '/')
            c = c == '\\' || c == '/' ? '|' : ' ';
    return text;
}

void replaceAll(std::string& text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
}

constexpr const char* kNorm = R"(
/* What each value of a row is divided by: the row's Euclidean norm, or 1 for a row of zeros. */
static inline double zipml_norm(const @INPUT@ *x) {
    double squares = 0.0;
    int f;
    for (f = 0; f < ZIPML_FEATURES; ++f)
        squares += (double)x[f] * (double)x[f];
    return squares > 0.0 ? sqrt(squares) : 1.0;
}
)";

constexpr const char* kFloatInference = R"(
/* The score of one row of raw values, columns as in training. */
static inline float zipml_predict_float(const @INPUT@ *x) {
    double score = @CONSTANT@;
    @NORM@int f;
    for (f = 0; f < ZIPML_FEATURES; ++f)
        score += (double)zipml_weight[f] * (double)(@VALUE@ - zipml_centre[f]);
    return (float)score;
}
)";

constexpr const char* kLabel = R"(
/* The class that a score stands for. */
static inline double zipml_label(float score) {
    return score >= 0.0f ? @POSITIVE@ : @NEGATIVE@;
}
)";

constexpr const char* kIntegerInference = R"(
/* Integer inference: inputs are codes of 8 bits, weights codes of @BITS@ bits, sums are exact integers.
   A code counts steps of @STEP@ scaled units; @WHY@.
   While no value of a row is out of range (zipml_quantize returns 0) the score differs from the float
   score by at most ZIPML_INT8_ERROR. */
#define ZIPML_INT8_ERROR @ERROR@

@ARRAYS@/* Codes of one row of raw values. Returns how many values were out of range, and clamped. */
static inline int zipml_quantize(const @INPUT@ *x, int8_t *codes) {
    int outside = 0;
    @NORM@int f;
    for (f = 0; f < ZIPML_FEATURES; ++f) {
        const float steps = (float)(@VALUE@ - zipml_int8_centre[f]) * zipml_int8_scale[f];
        if (!(steps >= -127.5f && steps <= 127.5f))
            ++outside;
        if (steps >= 127.0f)
            codes[f] = 127;
        else if (steps > -127.0f)
            codes[f] = (int8_t)(steps < 0.0f ? steps - 0.5f : steps + 0.5f);
        else
            codes[f] = -127;
    }
    return outside;
}

/* The score of one row of codes. */
static inline float zipml_predict_int8(const int8_t *codes) {
    @SUM@ sum = 0;
    int f;
    for (f = 0; f < ZIPML_FEATURES; ++f)
        sum += (@SUM@)codes[f] * (@SUM@)zipml_int8_weight[f];
    return (float)(@CONSTANT@ + (double)sum * @UNIT@);
}
)";

constexpr const char* kNoIntegerInference = R"(
/* No integer inference: the features were not scaled in training, so that their range is not known.
   Train with --scaling minmax to get it. */
)";

std::string integerInference(const LinearModel& model, int bits) {
    const InputRange range = rangeOf(model.scaling.kind);
    if (range.half == 0)
        return kNoIntegerInference;
    FoldedModel folded = fold(model, range.middle);
    roundCentres(folded);
    const auto weightOf = folded.weightsOf(0);
    const double constant = folded.constant[0];
    const double step = range.half / kMostCode;
    const SignedWeights weights = quantizeSigned(weightOf, bits);
    // method: |w s - k T S q| <= |w| S |s / S - q| + |w - k T| S |q|, and what float32 rounds on the way.
    constexpr double kFloatEpsilon = 1.0 / (1 << 22);
    double error = 0, largest = std::abs(constant);
    for (std::size_t f = 0; f < folded.features(); ++f) {
        const double weight = std::abs(weightOf[f]);
        const double missed = std::abs(weightOf[f] - weights.codes[f] * weights.step);
        error += weight * step * (0.5 + (kMostCode + 0.5) * kFloatEpsilon) + missed * step * kMostCode;
        largest += (weight + missed) * step * (kMostCode + 0.5);
    }
    error = (error + largest * kFloatEpsilon) * (1 + kFloatEpsilon);

    const std::size_t features = folded.features();
    const std::string arrays =
        array("float zipml_int8_centre", features, [&](auto f) { return asFloat(folded.centre[f]); }) +
        array("float zipml_int8_scale", features, [&](auto f) { return asFloat(folded.factor[f] / step); }) +
        array("int8_t zipml_int8_weight", features, [&](auto f) { return std::to_string(weights.codes[f]); });
    const bool fits = static_cast<double>(features) * kMostCode * kMostCode <
                      static_cast<double>(std::numeric_limits<std::int32_t>::max());
    std::string text = kIntegerInference;
    replaceAll(text, "@BITS@", std::to_string(bits));
    replaceAll(text, "@STEP@", number(step, "%.6g", ""));
    replaceAll(text, "@WHY@", range.why);
    replaceAll(text, "@ERROR@", number(error, "%.6g", ""));
    replaceAll(text, "@ARRAYS@", arrays);
    replaceAll(text, "@SUM@", fits ? "int32_t" : "int64_t");
    replaceAll(text, "@CONSTANT@", asDouble(constant));
    replaceAll(text, "@UNIT@", asDouble(step * weights.step));
    return text;
}

} // namespace

static std::string cHeader(const LinearModel& model, const ExportOptions& options) {
    const int bits = options.bits == ExportOptions::kFloat ? kDefaultBits : options.bits;
    if (bits < 2)
        throw InputError("bits: 1 is too few for a C header's signed integer weights; use 2 to 8");
    FoldedModel folded = fold(model);
    roundCentres(folded);
    const bool classes = model.task == Task::Classification;
    const std::string source =
        model.spec.is_object() ? model.spec.value("data", std::string()) : std::string();
    std::string text = "/* A linear model by ZipML Lab " ZIPML_VERSION ", trained on " +
                       commentText(source.empty() ? "unnamed data" : source) +
                       (model.classNames.empty() ? "" : ".\n   Classes: " + commentText(classList(model))) +
                       ".\n   C99 and C++; needs the standard library only. */\n"
                       "#ifndef ZIPML_MODEL_H\n#define ZIPML_MODEL_H\n\n" +
                       (folded.unitRows ? "#include <math.h>\n" : "") +
                       "#include <stdint.h>\n\n#define ZIPML_FEATURES " + std::to_string(folded.features()) +
                       "\n\n";
    text += array("float zipml_centre", folded.features(), [&](auto f) { return asFloat(folded.centre[f]); });
    text += array("float zipml_weight", folded.features(),
                  [&](auto f) { return asFloat(folded.weightsOf(0)[f] * folded.factor[f]); });
    text.pop_back(); // the functions begin with an empty line
    std::string code = folded.unitRows ? kNorm : "";
    code += kFloatInference;
    replaceAll(code, "@CONSTANT@", asDouble(folded.constant[0]));
    if (classes) {
        code += kLabel;
        replaceAll(code, "@POSITIVE@", asDouble(model.classLabels[1]));
        replaceAll(code, "@NEGATIVE@", asDouble(model.classLabels[0]));
    }
    code += integerInference(model, bits);
    replaceAll(code, "@NORM@", folded.unitRows ? "const double norm = zipml_norm(x);\n    " : "");
    replaceAll(code, "@INPUT@", folded.wide ? "double" : "float");
    replaceAll(code, "@VALUE@", folded.unitRows ? "(float)((double)x[f] / norm)" : "x[f]");
    return text + code + "\n#endif\n";
}

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kCHeaderExport{
    .name = "c",
    .extension = "h",
    .title = "C header",
    .summary = "Float and 8-bit integer inference in C99 or C++, without any library.",
    .integerWeights = true,
    .write = exported::cHeader,
};

} // namespace zipml
