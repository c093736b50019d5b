#include "core/lab/optimum_watch.h"

#include <cstdio>

namespace zipml {
namespace {

std::string shown(const char* format, double number) {
    char text[40];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

} // namespace

std::string belowOptimum(const PreparedData& data, const Loss& loss, const Regularizer& regularizer,
                         const LinearParameters& model, const EpochRecord& epoch, ThreadTeam& team,
                         const Job& job) {
    constexpr double kRounding = 1e-12; ///< of the objective: what two sums over the rows may differ by
    const double optimum = data.optimum->objective(loss);
    const double least = optimum * (1 - data.optimum->certificate - kRounding) - data.optimum->rounding;
    if (!(epoch.trainLoss / loss.reportedFactor() + epoch.regularizer < least))
        return {};
    LinearParameters allowed = model;
    if (rowOf(regularizer.kind).constraint)
        regularizer.applyProximalStep(allowed.weights, 1);
    const double objective = evaluate(data.train, loss, allowed, team, job).loss / loss.reportedFactor() +
                             regularizer.value(allowed.weights);
    if (!(objective < least))
        return {};
    return "the exact optimum is wrong: after epoch " + std::to_string(epoch.epoch) +
           " the objective (minimised loss + regularizer) is " + shown("%.12g", objective) +
           ", below the optimum's " + shown("%.12g", optimum) + ", which is said to be exact to " +
           shown("%.1g", data.optimum->certificate) +
           " of it; the run itself is as sound as any, but nothing should be read off that optimum: please "
           "report the data and the run's command line";
}

} // namespace zipml
