#include "core/model/export/format.h"

#include "core/base/file.h"
#include "core/data/source_name.h"
#include "core/model/export/folded_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>
#include <vector>

namespace zipml {
namespace {

std::vector<ModelFormat>& table() {
    static std::vector<ModelFormat> all{
#define EXPORT(row) row,
#include "core/model/export/exports.def"
#undef EXPORT
    };
    return all;
}

std::string choices(std::string_view ModelFormat::*what, const char* before) {
    std::string text;
    std::string_view last;
    for (const auto& format : modelFormats())
        if (format.*what != std::exchange(last, format.*what)) // one ending for several
            text.append(text.empty() ? "" : ", ").append(before).append(format.*what);
    return text;
}

/// What the file would hold instead of a number, in words; empty: it holds all.
std::string whyNotHeld(const LinearModel& model, bool doubles) {
    const exported::FoldedModel folded = exported::fold(model);
    const double most = doubles ? std::numeric_limits<double>::max() : std::numeric_limits<float>::max();
    const double least = doubles ? 0 : std::numeric_limits<float>::min();
    const auto holds = [&](double number) { return std::abs(number) <= most; }; // not NaN
    const auto said = [&](const std::string& what, double number, const char* fault) {
        char text[48];
        std::snprintf(text, sizeof text, " is %.4g, ", number);
        return what + text + fault + (doubles ? " float64" : " float32");
    };
    for (std::size_t k = 0; k < folded.scores(); ++k) {
        const auto weights = folded.weightsOf(k);
        const double largest =
            *std::ranges::max_element(weights, {}, [](double weight) { return std::abs(weight); });
        for (std::size_t f = 0; f < folded.features(); ++f) {
            const auto name = [&](const char* what) {
                return std::string(what) + " feature " + std::to_string(f + 1);
            };
            if (!holds(folded.centre[f]))
                return said(name("the offset of"), folded.centre[f], "beyond");
            if (!holds(folded.factor[f]))
                return said(name("the scale of"), folded.factor[f], "beyond");
            const double raw = weights[f] * folded.factor[f];
            if (!holds(raw))
                return said(name("the weight of"), raw, "beyond");
            constexpr double kCounts = 1e-6; // of the largest, on scaled values
            if (std::abs(raw) < least && std::abs(weights[f]) > kCounts * std::abs(largest))
                return said(name("the weight of"), raw, "too small for");
        }
        if (!holds(folded.constant[k]))
            return said("the intercept of raw values", folded.constant[k], "beyond");
    }
    return {};
}

void check(const LinearModel& model, const ModelFormat& format, const ExportOptions& options) {
    const auto fail = [](const std::string& message) { throw InputError(message); };
    if (!model.perClass.empty() && !format.manyClasses)
        fail("to: " + std::string(format.name) + " holds a model of two classes and this one has " +
             std::to_string(model.perClass.size()) + "; use json");
    if (!model.parameters.finite() || !std::ranges::all_of(model.perClass, &LinearParameters::finite))
        fail("the model's weights are no finite numbers (its run diverged); train with a smaller step");
    if (model.parameters.weights.size() == 0)
        fail("the model has no features");
    if (const std::string why = whyNotHeld(model, format.doubles); !why.empty())
        fail("to: " + std::string(format.name) + " cannot hold this model: " + why +
             "; train on data in other units" +
             (format.doubles ? "" : ", or use json, whose numbers are float64"));
    if (options.bits != ExportOptions::kFloat) {
        if (!format.integerWeights)
            fail("bits: " + std::string(format.name) + " holds float weights only; leave --bits out");
        if (options.bits < 1 || options.bits > 8)
            fail("bits: " + std::to_string(options.bits) + " is out of range; use 1 to 8, or 32 for floats");
    }
    if (options.packed && (!format.packedWeights || options.bits > 4))
        fail("packed: two weights share a byte where each has up to 4 bits; use it with --to onnx and --bits "
             "1 to 4");
    if (options.grid != GridSpec{} && (!format.placedLevels || options.bits == ExportOptions::kFloat))
        fail("grid: there are no levels to place in this file; use it with --to onnx and --bits 1 to 8");
}

} // namespace

std::span<const ModelFormat> modelFormats() {
    return table();
}

void addModelFormat(const ModelFormat& format) {
    table().push_back(format);
}

const ModelFormat& modelFormat(std::string_view name) {
    for (const auto& format : modelFormats())
        if (format.name == name)
            return format;
    throw InputError("to: '" + std::string(name) + "' is unknown; choose one of " +
                     choices(&ModelFormat::name, ""));
}

const ModelFormat& modelFormatOf(const std::filesystem::path& file) {
    for (const auto& format : modelFormats())
        if (file.extension() == "." + std::string(format.extension))
            return format;
    throw InputError(file.string() + ": the ending names no model format; use one of " +
                     choices(&ModelFormat::extension, "."));
}

std::uint64_t exportModel(const LinearModel& model, const ModelFormat& format, const ExportOptions& options,
                          const std::filesystem::path& file) {
    check(model, format, options);
    checkWritable(file);
    LinearModel leaving = model;
    leaving.spec = withNamesOnly(model.spec);
    const std::string bytes = format.write(leaving, options);
    writeFileAtomically(file, bytes);
    return bytes.size();
}

} // namespace zipml
