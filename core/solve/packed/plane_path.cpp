#include "core/solve/packed/plane_path.h"

#include "core/solve/sgd.h"

namespace zipml {
namespace {

/// Keys a path's minibatches and roundings, apart from those of clouds.
constexpr std::uint32_t kFirstDraw = 1U << 31U;
constexpr double kFarAway = 1e6;

/// A minibatch in the place of all rows.
class Minibatch final : public SampleSource {
  public:
    Minibatch(const SampleSource& source, std::span<const std::uint32_t> rows)
        : source_(source), rows_(rows) {}
    SampleView sample(std::uint32_t row, std::span<double> scratch) const override {
        return source_.sample(rows_[row], scratch);
    }

  private:
    const SampleSource& source_;
    std::span<const std::uint32_t> rows_;
};

} // namespace

double stepOf(const PlaneProblem& problem, const PathOptions& options) {
    return options.step ? *options.step : autoStep(problem.data(), false, options.batch, 1);
}

PlanePath takePath(const QuantizedPlane& plane, EstimatorKind estimator, const PathOptions& options,
                   ThreadTeam& team, const Job& job) {
    const Dataset& data = plane.problem().data();
    const GradientMethod method = plane.method(estimator);
    RunControl control;
    EpochPlan plan;
    plan.batch = options.batch;
    plan.step = stepOf(plane.problem(), options);
    plan.order = RowOrder::File;
    plan.intercept = false;
    plan.seed = options.seed;
    PlanePath path{estimator, {options.start}, false};
    LinearParameters model{0, options.start};
    for (int update = 0; update < options.updates; ++update) {
        job.checkpoint();
        const std::uint32_t draw = kFirstDraw + static_cast<std::uint32_t>(update);
        const auto rows = minibatchRows(data.rows, options.batch, options.seed, draw);
        std::vector<float> labels;
        labels.reserve(rows.size());
        for (const std::uint32_t row : rows)
            labels.push_back(data.labels[row]);
        plan.epoch = draw;
        const auto source = plane.source(method, options.seed, draw);
        const bool going =
            runEpoch(plan, Minibatch(*source, rows), method, labels, model, team, control, [](double) {});
        if (!going || model.norm() > kFarAway) {
            path.diverged = true;
            break;
        }
        path.points.emplace_back(model.weights);
    }
    return path;
}

} // namespace zipml
