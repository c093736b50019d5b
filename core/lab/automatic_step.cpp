#include "core/lab/automatic_step.h"

#include "core/lab/run_loop.h"
#include "core/solve/second_moment.h"
#include "core/solve/sgd.h"

#include <algorithm>

namespace zipml {

AutomaticStep automaticStep(const RunSpec& spec, const Dataset& train, const GradientMethod& method,
                            std::span<const Grid> grids, ThreadTeam& team, const Job& job) {
    const std::size_t batch = std::min(spec.sgd.batch, train.rows);
    const bool overshoots = spec.sgd.solver != SolverKind::Sgd; // their noise vanishes
    AutomaticStep chosen{autoStep(train, spec.intercept, batch, spec.seed, method.loss, overshoots), {}};
    if (method.copies == 0 && !method.model.on() && !method.gradient.on())
        return chosen;
    const SampleMoments moments =
        sampleMoments(train, grids, method.estimator->rounding, spec.intercept, spec.seed, team, job);
    const double most = mostStep(moments, method, batch, overshoots) / method.loss.largestCurvature();
    if (most < chosen.step) {
        chosen.note = "automatic: " + shortNumber(most) + " instead of " + shortNumber(chosen.step) +
                      ", since the estimator's second moment allows no more";
        chosen.step = most;
    }
    return chosen;
}

} // namespace zipml
