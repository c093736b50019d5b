#include "core/document/bit_comparison.h"

#include "core/lab/rules.h"

namespace zipml {
namespace {

constexpr int kWidths[] = {8, 4, 3, 2};

} // namespace

std::vector<RunSpec> bitComparison(const RunSpec& settings, const GridSpec& grid) {
    constexpr std::string_view kWanted[] = {"estimator", "bits", "grid"};
    RunSpec base = settings;
    base.name.clear();
    base.copies = RunSpec{}.copies;
    RunSpec full = withEstimator(base, EstimatorKind::Full);
    full.modelBits = full.gradientBits = VectorQuantizer::kOff;
    std::vector<RunSpec> specs{repaired(full)};
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

} // namespace zipml
