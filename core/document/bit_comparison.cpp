#include "core/document/bit_comparison.h"

#include "core/lab/rules.h"

namespace zipml {
namespace {

constexpr int kWidths[] = {8, 4, 3, 2};
constexpr int kUsualBits = 4;

/// The settings without what a comparison decides.
RunSpec baseOf(const RunSpec& settings) {
    RunSpec base = settings;
    base.name.clear();
    base.copies = RunSpec{}.copies;
    return base;
}

RunSpec fullPrecisionOf(const RunSpec& base) {
    RunSpec full = withEstimator(base, EstimatorKind::Full);
    full.modelBits = full.gradientBits = VectorQuantizer::kOff;
    return repaired(full);
}

} // namespace

std::vector<RunSpec> bitComparison(const RunSpec& settings, const GridSpec& grid) {
    constexpr std::string_view kWanted[] = {"estimator", "bits", "grid"};
    const RunSpec base = baseOf(settings);
    std::vector<RunSpec> specs{fullPrecisionOf(base)};
    for (const auto estimator : {EstimatorKind::Double, EstimatorKind::Corrected}) {
        if (!whyNotWith(estimator, base.loss).empty())
            continue;
        for (const int bits : kWidths) {
            RunSpec spec = withEstimator(base, estimator);
            spec.bits = bits;
            spec.grid = grid;
            specs.push_back(makingRoom(spec, kWanted));
        }
    }
    for (const RunSpec& spec : specs)
        validate(spec);
    return specs;
}

std::vector<RunSpec> biasComparison(const RunSpec& settings) {
    constexpr std::string_view kWanted[] = {"estimator", "bits"};
    const RunSpec base = baseOf(settings);
    std::vector<RunSpec> specs{fullPrecisionOf(base)};
    for (const auto estimator : {EstimatorKind::Naive, EstimatorKind::Double}) {
        RunSpec spec = withEstimator(base, estimator);
        spec.bits = estimatorOf(settings.estimator).quantized() ? settings.bits : kUsualBits;
        specs.push_back(makingRoom(spec, kWanted));
        validate(specs.back());
    }
    return specs;
}

} // namespace zipml
