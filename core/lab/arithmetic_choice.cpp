#include "core/lab/arithmetic_choice.h"

#include "core/lab/compute_device.h"
#include "core/lab/kernel_rules.h"
#include "core/lab/rule_words.h"
#include "core/quant/store_file.h"

#include <algorithm>
#include <cstdio>

namespace zipml {
namespace {

/// What levels move by on fine steps.
struct Snapping {
    double share = 0; ///< of the gap beside a level, at most
    std::size_t feature = 0;
};

Snapping snappingOf(std::span<const Grid> grids) {
    Snapping worst;
    for (std::size_t f = 0; f < grids.size(); ++f)
        if (const double share = grids[f].fineStepError(); share > worst.share)
            worst = {share, f};
    return worst;
}

/// Why levels that are not uniform keep a run in memory from integers. A store's are as they are, and nothing
/// but integers reads them.
std::string whyLevelsStayFloats(const Situation& at) {
    constexpr double kMost = 0.01;
    if (at.store != nullptr)
        return {};
    if (const Snapping worst = snappingOf(at.grids); worst.share > kMost) {
        char text[160];
        std::snprintf(
            text, sizeof text,
            "the 65,535 steps of the range that integers read would move levels of feature %zu by up to "
            "%.2g%% of a gap",
            worst.feature + 1, 100 * worst.share);
        return text;
    }
    // Before levels are placed they are taken for what they will most likely be.
    const RunSpec& spec = at.spec;
    if (!at.grids.empty() || spec.grid.kind == GridKind::Uniform)
        return {};
    return copiesOf(spec) > 1 || (spec.bits != 1 && spec.bits != 2 && spec.bits != 4)
               ? "integers read levels that are not uniform in 1, 2 or 4 bits and one rounding only"
               : "";
}

/// Empty where integers do.
std::string whyFloat(const Situation& at) {
    const RunSpec& spec = at.spec;
    const Estimator& estimator = estimatorOf(at);
    if (!estimator.quantized())
        return "full precision does not round the samples";
    if (isComputeDevice(spec.device))
        return spec.device + " does not compute in 8-bit integers";
    if (spec.device == kReferenceDevice)
        return spec.device + " computes in float64";
    if (!isQuadratic(spec.loss))
        return "integers would round the model inside of the " + std::string(nameOf(spec.loss)) +
               " loss's slope, which is not linear: that biases the gradient";
    if (estimator.exactModel)
        return estimatorName(at) + " needs the exact model";
    if (spec.modelBits != VectorQuantizer::kOff)
        return "the model is kept or sent in " + std::to_string(spec.modelBits) +
               " bits as set, and integers have a range of their own";
    if (spec.sgd.solver == SolverKind::BitCentering)
        return "bit-centering has a range of its own for the model";
    if (const std::string why = whyNotPacked(kernelTaskIn(Arithmetic::Integer, at)); !why.empty())
        return "kernels for integers do not go here, because " + why;
    return whyLevelsStayFloats(at);
}

} // namespace

ArithmeticChoice arithmeticOf(const Situation& at) {
    if (at.spec.arithmetic != Arithmetic::Auto)
        return {at.spec.arithmetic, "as set"};
    if (std::string why = whyFloat(at); !why.empty())
        return {Arithmetic::Float, std::move(why)};
    const std::span<const Grid> grids = at.store != nullptr ? at.store->grids : at.grids;
    const bool uniform =
        grids.empty() ? at.spec.grid.kind == GridKind::Uniform : std::ranges::all_of(grids, &Grid::isUniform);
    return {Arithmetic::Integer,
            "the gradient is linear in the model and in the residuals, so that rounding them at random to 8 "
            "bits leaves the estimator as unbiased as it is" +
                std::string(uniform ? "" : "; the levels are placed on 65,535 steps of a feature's range")};
}

} // namespace zipml
