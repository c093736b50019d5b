#pragma once
/// From a spec to the estimator and channels it asks for.

#include "core/estimate/gradient_method.h"
#include "core/estimate/refetch_source.h"
#include "core/lab/run_spec.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace zipml {

/// Without a correction yet: it follows from the data and the grids.
/// @param arithmetic as taken (arithmetic_choice.h)
inline GradientMethod methodOf(const RunSpec& spec, Arithmetic arithmetic) {
    GradientMethod method(spec.estimator, {spec.loss, spec.classWeights});
    method.copies = copiesOf(spec);
    if (method.estimator->needs == Needs::Polynomial)
        method.polynomial = approximateSlope(spec.loss, spec.polynomial);
    if (keptBitsOf(spec) == VectorQuantizer::kOff) // else it is on its levels when it is sent
        method.model = {spec.modelBits, spec.vectorScale};
    if (arithmetic == Arithmetic::Integer) {
        method.integer = true;
        method.model = {std::min(spec.modelBits, 8), VectorScale::Largest}; // the integers' own range
    }
    method.gradient = {spec.gradientBits, spec.vectorScale};
    return method;
}

/// What the model is rounded to after each step; bit centering's range is an anchor's.
inline VectorQuantizer keptOf(const RunSpec& spec) {
    return {keptBitsOf(spec), spec.vectorScale};
}

/// The step of an epoch: solvers whose noise vanishes keep theirs.
inline double stepOf(const SgdOptions& options, double step, int epoch) {
    return options.solver == SolverKind::Sgd ? stepOf(options.schedule, step, epoch) : step;
}

/// How the samples of a run are rounded.
inline Rounding roundingOf(const RunSpec& spec) {
    const Estimator& estimator = estimatorOf(spec.estimator);
    if (estimator.needs == Needs::ExactRows && spec.certificate == CertificateKind::Sample)
        return Rounding::Stochastic;
    return estimator.rounding;
}

/// Gives an estimator that reads exact rows what it needs of the data.
inline void addRefetching(GradientMethod& method, const RunSpec& spec, const Dataset& data,
                          std::span<const Grid> grids, ThreadTeam& team, const Job& job) {
    if (method.estimator->needs != Needs::ExactRows)
        return;
    method.refetching = std::make_shared<Refetching>(spec.certificate, data.features, spec.seed);
    method.refetching->extras = std::make_shared<RowExtras>(data, grids, *method.refetching, team, job);
}

/// Of a model and a gradient, which move each batch (docs/method.md#s10). Intercepts are exact.
/// @param kept what the model is kept in; off: as the method sends it
inline std::uint64_t bytesABatch(const GradientMethod& method, std::size_t features, bool intercept,
                                 const VectorQuantizer& kept = {}) {
    return (kept.on() ? kept : method.model).bytes(features) + method.gradient.bytes(features) +
           (intercept ? 2 * sizeof(float) : 0);
}

/// What a person should know of a method: where its loss makes it biased.
inline void addMethodNotes(const GradientMethod& method, std::vector<std::string>& notes) {
    const Loss& loss = method.loss;
    const std::string name(nameOf(loss.kind));
    if (method.estimator->needs == Needs::Polynomial) {
        char text[160];
        std::snprintf(
            text, sizeof text,
            "a polynomial of degree %d is in the place of the loss's slope, at most %.2g off for |a.x| up "
            "to %.3g%s",
            method.polynomial.degree(), method.polynomial.error, method.polynomial.interval,
            rowOf(loss.kind).curvature == nullptr ? " outside the band" : "");
        notes.emplace_back(text);
    } else if (!loss.isQuadratic() && method.copies > 1 && method.estimator->unbiased &&
               !isUnbiased(method.estimator->kind, loss.kind))
        notes.push_back("the slope of the " + name +
                        " loss is not linear, so that two independent roundings leave a bias: that of the "
                        "rounding inside of it");
    if (!loss.isQuadratic() && method.model.on())
        notes.push_back("the model is rounded inside of the " + name +
                        " loss's slope, which is not linear: that biases the gradient");
}

} // namespace zipml
