#include "core/tomography/tomography_spec.h"

#include "core/base/number_text.h"
#include "core/spec/spec_table.h"

#include <cmath>
#include <numbers>

namespace zipml {
namespace {

using nlohmann::json;
using Kind = SpecKey::Kind;
using spec_table::choice;
using spec_table::choiceAmong;
using spec_table::member;
using spec_table::requireWithin;
using spec_table::text;
using spec_table::whole;

std::string estimatorsOfRays() {
    std::string names;
    for (const auto& entry : namesOf<EstimatorKind>())
        if (whyNotInTomography(entry.value).empty())
            names.append(names.empty() ? "" : "|").append(entry.name);
    return names;
}

const SpecEntry<TomographySpec> kEntries[] = {
    choice<&TomographySpec::phantom>("phantom", "the image that is measured"),
    member<&TomographySpec::size>("size", "16..512", "pixels a side"),
    member<&TomographySpec::angles>("angles", "1..1024", "views, spread over 180 degrees"),
    member<&TomographySpec::detectors>(
        "detectors", "0|N", "rays a view, from size to 4 times size; 0: as many as the diagonal has pixels"),
    {{"noise", Kind::Text, "none|gaussian:F|poisson:N",
      "on the ray sums: a standard deviation of F times the largest one, or counts with N photons on it"},
     [](const TomographySpec& s) -> json { return toString(s.noise); },
     [](TomographySpec& s, const json& v, const std::string&) { s.noise = parseNoise(text(v)); }},
    choiceAmong<estimatorsOfRays, &TomographySpec::estimator>("estimator",
                                                              "how steps are estimated from rounded rays"),
    member<&TomographySpec::bits>("bits", "1..12",
                                  "bits of an intersection length's code: 2^bits levels from 0"),
    choice<&TomographySpec::scale>(
        "scale",
        "what levels reach up to: the length of a ray in a whole strip of pixels at its angle, or sqrt(2)"),
    choice<&TomographySpec::rounding>("rounding", "lengths rounded once, or again each epoch"),
    member<&TomographySpec::epochs>("epochs", "N", "passes over the rays"),
    member<&TomographySpec::step>("step", "0..2",
                                  "relaxation: the share of a ray's error that its step removes; below 2"),
    {{"schedule", Kind::Text, "constant|inverse-epoch|inverse-sqrt|halve-every:N|list:F1,F2,...",
      "how the step changes over epochs"},
     [](const TomographySpec& s) -> json { return toString(s.schedule); },
     [](TomographySpec& s, const json& v, const std::string&) { s.schedule = parseSchedule(text(v)); }},
    member<&TomographySpec::nonnegative>("nonnegative", "", "pixels below 0 become 0 after each step"),
    member<&TomographySpec::seed>("seed", "N", "of all random draws; equal seeds give equal results"),
    member<&TomographySpec::threads>("threads", "N", "0: one a core; never changes the result"),
};

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

std::string whyNotInTomography(EstimatorKind kind) {
    const Estimator& estimator = estimatorOf(kind);
    if (std::string why = whyNotWith(kind, LossKind::LeastSquares); !why.empty())
        return why;
    if (estimator.roundsChannels)
        return std::string(estimator.name) + " rounds the model too, which tomography does not; use double";
    if (!estimator.pairs)
        return std::string(estimator.name) +
               " runs row by row, and tomography works on packed codes; use double";
    return {};
}

void validate(const TomographySpec& spec) {
    requireWithin("size", spec.size, TomographySpec::kFewestPixels, TomographySpec::kMostPixels);
    requireWithin("angles", spec.angles, 1, TomographySpec::kMostAngles);
    if (spec.detectors != 0)
        requireWithin("detectors", spec.detectors, spec.size, 4 * spec.size);
    requireWithin("bits", spec.bits, 1, RayStore::kMostBits);
    requireWithin("epochs", spec.epochs, 1, 1'000'000);
    requireWithin("threads", spec.threads, 0, 1024);
    if (const std::string why = whyNotInTomography(spec.estimator); !why.empty())
        throw InputError("estimator: " + why);
    if (!(spec.step > 0 && spec.step < 2))
        throw InputError("step: " + shortest(spec.step) +
                         " is out of range; it is the share of a ray's error that a step removes, above 0 "
                         "and below 2");
}

std::span<const SpecKey> tomographyKeys() {
    static const std::vector<SpecKey> keys = spec_table::keys<TomographySpec>(kEntries);
    return keys;
}

json toJson(const TomographySpec& spec) {
    return spec_table::toJson<TomographySpec>(kEntries, spec);
}

TomographySpec tomographySpecFromJson(const json& object, const TomographySpec& base) {
    TomographySpec spec = base;
    spec_table::apply<TomographySpec>(kEntries, spec, object, "zipml tomography");
    validate(spec);
    return spec;
}

std::string toCommandLine(const TomographySpec& spec) {
    return "zipml tomography" + spec_table::flags<TomographySpec>(kEntries, spec);
}

} // namespace zipml
