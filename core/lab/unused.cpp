#include "core/data/synthetic.h"
#include "core/lab/rules.h"
#include "core/lab/store_run.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace zipml {
namespace {

struct Unused {
    std::string_view key;
    bool (*holds)(const RunSpec& spec);
    std::string_view why; ///< for people, in the words of the window
};

const Estimator& estimator(const RunSpec& spec) {
    return estimatorOf(spec.estimator);
}
bool isExact(const RunSpec& spec) {
    return !estimator(spec).quantized();
}
bool hasNoPolynomial(const RunSpec& spec) {
    return estimator(spec).needs != Needs::Polynomial;
}

bool isGenerated(const RunSpec& spec) {
    return isSynthetic(spec.data.source);
}

constexpr std::string_view kExact =
    "Full precision does not round samples: choose another estimator to use this";
constexpr std::string_view kNoPolynomial = "Only the estimator Polynomial has one";

constexpr Unused kUnused[] = {
    {"split", isGenerated, "Generated data have test rows of their own"},
    {"bits", isExact, kExact},
    {"store", isExact, kExact},
    {"arithmetic", isExact, kExact},
    {"grid", isExact, kExact},
    {"shared_grid", isExact, kExact},
    {"rounding", isExact, kExact},
    {"copies", isExact, "Full precision reads no rounding: choose Double sampling, or its mean, to use more"},
    {"copies", [](const RunSpec& spec) { return !hasNoPolynomial(spec); },
     "A polynomial reads one rounding more than its degree: set Degree"},
    {"copies", [](const RunSpec& spec) { return estimator(spec).copies == estimator(spec).mostCopies; },
     "This estimator reads a fixed number of roundings a value: choose Double sampling, or its mean, to use "
     "more"},
    {"degree", hasNoPolynomial, kNoPolynomial},
    {"interval", hasNoPolynomial, kNoPolynomial},
    {"band", hasNoPolynomial, kNoPolynomial},
    {"band", [](const RunSpec& spec) { return rowOf(spec.loss).curvature != nullptr; },
     "Only the hinge's slope has a step to leave out"},
    {"certificate", [](const RunSpec& spec) { return estimator(spec).needs != Needs::ExactRows; },
     "Only the estimator Refetching asks for one"},
    {"inner_passes", [](const RunSpec& spec) { return spec.sgd.solver == SolverKind::Sgd; },
     "Minibatch SGD has no anchors: choose another solver to use this"},
    {"schedule", [](const RunSpec& spec) { return spec.sgd.solver != SolverKind::Sgd; },
     "This solver keeps its step, since its noise vanishes"},
    {"vector_scale",
     [](const RunSpec& spec) {
         const bool ownRange =
             spec.arithmetic == Arithmetic::Integer || spec.sgd.solver == SolverKind::BitCentering;
         const bool model =
             spec.modelBits != VectorQuantizer::kOff || keptBitsOf(spec) != VectorQuantizer::kOff;
         return spec.gradientBits == VectorQuantizer::kOff && (!model || ownRange);
     },
     "Neither model nor gradient is rounded to this scale: set Model bits or Gradient bits, in float "
     "arithmetic, to use it"},
};

} // namespace

std::string whyUnused(const RunSpec& spec, std::string_view key) {
    for (const Unused& row : kUnused)
        if (row.key == key && row.holds(spec))
            return std::string(row.why);
    static const std::vector<std::string> reading = loadKeys();
    if (std::ranges::find(reading, key) == reading.end() || !spec.data.test.empty())
        return {};
    return isGenerated(spec) ? "Generated data are not read from a file"
           : isStore(spec.data.source)
               ? "A store's rows were read when it was packed: pack the data again to change this"
               : "";
}

nlohmann::json identityOf(const RunSpec& spec) {
    const nlohmann::json defaults = toJson(RunSpec{});
    nlohmann::json identity = toJson(spec);
    for (const SpecKey& key : specKeys())
        if (!whyUnused(spec, key.name).empty())
            identity[std::string(key.name)] = defaults.at(std::string(key.name));
    for (const char* neutral : {"name", "threads"})
        identity.erase(neutral);
    return identity;
}

} // namespace zipml
