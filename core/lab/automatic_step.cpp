#include "core/lab/automatic_step.h"

#include "core/lab/run_loop.h"
#include "core/solve/sgd.h"

#include <algorithm>

namespace zipml {

AutomaticStep automaticStep(const RunSpec& spec, const Dataset& train, const GradientMethod& method,
                            std::span<const Grid> grids, ThreadTeam& team, const Job& job) {
    const std::size_t batch = std::min(spec.sgd.batch, train.rows);
    const bool overshoots = spec.sgd.solver != SolverKind::Sgd; // their noise vanishes
    const double exact = autoStep(train, spec.intercept, batch, spec.seed, method.loss, overshoots);
    if (method.copies == 0 && !method.model.on() && !method.gradient.on())
        return {exact, {}};
    const SampleMoments moments =
        sampleMoments(train, grids, method.estimator->rounding, spec.intercept, spec.seed, team, job);
    return allowedStep(exact, moments, method, batch, overshoots);
}

AutomaticStep allowedStep(double exact, const SampleMoments& moments, const GradientMethod& method,
                          std::size_t batch, bool overshoots) {
    const double most = mostStep(moments, method, batch, overshoots) / method.loss.largestCurvature();
    if (!(most < exact))
        return {exact, {}};
    return {most, "automatic: " + shortNumber(most) + " instead of " + shortNumber(exact) +
                      ", since the estimator's second moment allows no more"};
}

} // namespace zipml
