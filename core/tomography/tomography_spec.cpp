#include "core/tomography/tomography_spec.h"

#include "core/base/number_text.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>

namespace zipml {
namespace {

using nlohmann::json;
using Kind = SpecKey::Kind;

struct Entry {
    SpecKey key;
    json (*get)(const TomographySpec&);
    void (*set)(TomographySpec&, const json&);
};

template <class Enum>
json named(Enum value) {
    return std::string(nameOf(value));
}

std::string text(const json& value) {
    return value.get<std::string>();
}

/// A whole number that fits `Number`; checkKind has made sure that it is whole.
template <class Number = int>
Number whole(const json& value) {
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
    const bool negative = !value.is_number_unsigned() && value.get<std::int64_t>() < 0;
    if (!negative && value.get<std::uint64_t>() <= kLargest)
        return value.get<Number>();
    throw InputError(value.dump() + " is out of range; use 0 to " + std::to_string(kLargest));
}

const Entry kEntries[] = {
    {{"phantom", Kind::Text, "shepp-logan|discs|bars|blobs|letters", "the image that is measured"},
     [](const TomographySpec& s) { return named(s.phantom); },
     [](TomographySpec& s, const json& v) { s.phantom = parseName<PhantomKind>(text(v), "phantom"); }},
    {{"size", Kind::Whole, "16..512", "pixels a side"},
     [](const TomographySpec& s) -> json { return s.size; },
     [](TomographySpec& s, const json& v) { s.size = whole(v); }},
    {{"angles", Kind::Whole, "1..1024", "views, spread over 180 degrees"},
     [](const TomographySpec& s) -> json { return s.angles; },
     [](TomographySpec& s, const json& v) { s.angles = whole(v); }},
    {{"detectors", Kind::Whole, "0|N",
      "rays a view, from size to 4 times size; 0: as many as the diagonal has pixels"},
     [](const TomographySpec& s) -> json { return s.detectors; },
     [](TomographySpec& s, const json& v) { s.detectors = whole(v); }},
    {{"noise", Kind::Text, "none|gaussian:F|poisson:N",
      "on the ray sums: a standard deviation of F times the largest one, or counts with N photons on it"},
     [](const TomographySpec& s) -> json { return toString(s.noise); },
     [](TomographySpec& s, const json& v) { s.noise = parseNoise(text(v)); }},
    {{"estimator", Kind::Text, "full|naive|nearest|double|double-plain|double-mean|corrected",
      "how steps are estimated from rounded rays"},
     [](const TomographySpec& s) { return named(s.estimator); },
     [](TomographySpec& s, const json& v) { s.estimator = parseName<EstimatorKind>(text(v), "estimator"); }},
    {{"bits", Kind::Whole, "1..12", "bits of an intersection length's code: 2^bits levels from 0"},
     [](const TomographySpec& s) -> json { return s.bits; },
     [](TomographySpec& s, const json& v) { s.bits = whole(v); }},
    {{"scale", Kind::Text, "view|shared",
      "what levels reach up to: the length of a ray in a whole strip of pixels at its angle, or sqrt(2)"},
     [](const TomographySpec& s) { return named(s.scale); },
     [](TomographySpec& s, const json& v) { s.scale = parseName<LengthScale>(text(v), "scale"); }},
    {{"rounding", Kind::Text, "frozen|epoch", "lengths rounded once, or again each epoch"},
     [](const TomographySpec& s) { return named(s.rounding); },
     [](TomographySpec& s, const json& v) { s.rounding = parseName<RoundingTime>(text(v), "rounding"); }},
    {{"epochs", Kind::Whole, "N", "passes over the rays"},
     [](const TomographySpec& s) -> json { return s.epochs; },
     [](TomographySpec& s, const json& v) { s.epochs = whole(v); }},
    {{"step", Kind::Number, "0..2", "relaxation: the share of a ray's error that its step removes; below 2"},
     [](const TomographySpec& s) -> json { return s.step; },
     [](TomographySpec& s, const json& v) { s.step = v.get<double>(); }},
    {{"schedule", Kind::Text, "constant|inverse-epoch|inverse-sqrt|halve-every:N|list:F1,F2,...",
      "how the step changes over epochs"},
     [](const TomographySpec& s) -> json { return toString(s.schedule); },
     [](TomographySpec& s, const json& v) { s.schedule = parseSchedule(text(v)); }},
    {{"nonnegative", Kind::YesNo, "", "pixels below 0 become 0 after each step"},
     [](const TomographySpec& s) -> json { return s.nonnegative; },
     [](TomographySpec& s, const json& v) { s.nonnegative = v.get<bool>(); }},
    {{"seed", Kind::Whole, "N", "of all random draws; equal seeds give equal results"},
     [](const TomographySpec& s) -> json { return s.seed; },
     [](TomographySpec& s, const json& v) { s.seed = whole<std::uint64_t>(v); }},
    {{"threads", Kind::Whole, "N", "0: one a core; never changes the result"},
     [](const TomographySpec& s) -> json { return s.threads; },
     [](TomographySpec& s, const json& v) { s.threads = whole(v); }},
};

void checkKind(const SpecKey& key, const json& value) {
    const bool fits = key.kind == Kind::Text     ? value.is_string()
                      : key.kind == Kind::Number ? value.is_number()
                      : key.kind == Kind::Whole  ? value.is_number_integer()
                                                 : value.is_boolean();
    const char* wanted = key.kind == Kind::Text     ? "a text in quotes"
                         : key.kind == Kind::Number ? "a number"
                         : key.kind == Kind::Whole  ? "a whole number"
                                                    : "true or false";
    if (!fits)
        throw InputError(value.dump() + " is not " + wanted);
}

void apply(TomographySpec& spec, const std::string& name, const json& value) {
    for (const auto& entry : kEntries) {
        if (entry.key.name != name)
            continue;
        try {
            checkKind(entry.key, value);
            return entry.set(spec, value);
        } catch (const InputError& error) {
            const std::string message = error.what(), prefix = name + ": ";
            throw InputError(message.starts_with(prefix) ? message : prefix + message);
        }
    }
    throw InputError("'" + name + "' is not a setting; see zipml tomography --help for all of them");
}

void requireWithin(const char* key, int value, int low, int high) {
    if (value < low || value > high)
        throw InputError(std::string(key) + ": " + std::to_string(value) + " is out of range; use " +
                         std::to_string(low) + " to " + std::to_string(high));
}

} // namespace

int detectorsOf(const TomographySpec& spec) {
    return spec.detectors > 0 ? spec.detectors : static_cast<int>(std::ceil(spec.size * std::numbers::sqrt2));
}

std::string displayName(const TomographySpec& spec) {
    std::string name(entryOf(spec.estimator).title);
    if (estimatorOf(spec.estimator).quantized())
        name += ", " + std::to_string(spec.bits) + (spec.bits == 1 ? " bit" : " bits");
    return name;
}

ReconstructionOptions optionsOf(const TomographySpec& spec) {
    return {spec.estimator, spec.bits, spec.scale, spec.rounding, spec.nonnegative, spec.seed};
}

void validate(const TomographySpec& spec) {
    requireWithin("size", spec.size, TomographySpec::kFewestPixels, TomographySpec::kMostPixels);
    requireWithin("angles", spec.angles, 1, TomographySpec::kMostAngles);
    if (spec.detectors != 0)
        requireWithin("detectors", spec.detectors, spec.size, 4 * spec.size);
    requireWithin("bits", spec.bits, 1, RayStore::kMostBits);
    requireWithin("epochs", spec.epochs, 1, 1'000'000);
    requireWithin("threads", spec.threads, 0, 1024);
    if (spec.estimator == EstimatorKind::EndToEnd)
        throw InputError("estimator: end-to-end rounds the model too, which tomography does not; use double");
    if (!(spec.step > 0 && spec.step < 2))
        throw InputError("step: " + shortest(spec.step) +
                         " is out of range; it is the share of a ray's error that a step removes, above 0 "
                         "and below 2");
}

std::span<const SpecKey> tomographyKeys() {
    static const std::vector<SpecKey> keys = [] {
        std::vector<SpecKey> all;
        for (const auto& entry : kEntries)
            all.push_back(entry.key);
        return all;
    }();
    return keys;
}

json toJson(const TomographySpec& spec) {
    json object = json::object();
    for (const auto& entry : kEntries)
        object[std::string(entry.key.name)] = entry.get(spec);
    return object;
}

TomographySpec tomographySpecFromJson(const json& object, const TomographySpec& base) {
    if (!object.is_object())
        throw InputError(R"(settings are a JSON object, {"phantom": ..., "bits": ...})");
    TomographySpec spec = base;
    for (const auto& [name, value] : object.items())
        apply(spec, name, value);
    validate(spec);
    return spec;
}

std::string toCommandLine(const TomographySpec& spec) {
    const TomographySpec defaults;
    std::string line = "zipml tomography";
    for (const auto& entry : kEntries) {
        const json value = entry.get(spec);
        if (value == entry.get(defaults))
            continue;
        const std::string flag = flagOf(entry.key.name);
        if (entry.key.kind == Kind::YesNo)
            line += (value.get<bool>() ? " --" : " --no-") + flag;
        else
            line += " --" + flag + " " + (value.is_string() ? text(value) : value.dump());
    }
    return line;
}

} // namespace zipml
