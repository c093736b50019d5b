#include "core/lab/frozen_curvature.h"

#include "core/lab/store_run.h"

#include <algorithm>
#include <cstdio>

namespace zipml {
namespace {

constexpr std::size_t kMostValuesRowByRow = 2'000'000;
constexpr int kProducts = 48;
constexpr std::size_t kValuesOfContraction = 4'000'000'000; ///< to be read

/// The mean over all rows of a method's gradient at v, without labels: an epoch of one batch and a step of 1
/// takes v to v - M v.
class MeanProduct {
  public:
    MeanProduct(GradientMethod method, const RunSpec& spec, const RoundedSamples& samples)
        : method_(std::move(method)), spec_(spec), labels_(samples.rows, 0.0F),
          runner_(samples.makeRunner(labels_, method_, samples.rows)) {}

    /// Null: nothing runs it.
    [[nodiscard]] const EpochRunner* runner() const { return runner_.get(); }

    [[nodiscard]] Eigen::VectorXd times(const Eigen::VectorXd& v) {
        const Eigen::Index first = spec_.intercept ? 1 : 0;
        const Eigen::Index features = v.size() - first;
        LinearParameters model{spec_.intercept ? v[0] : 0.0, v.tail(features)};
        EpochPlan plan;
        plan.batch = labels_.size();
        plan.step = 1;
        plan.order = RowOrder::File;
        plan.intercept = spec_.intercept;
        plan.seed = spec_.seed;
        RunControl control;
        const auto nobody = [](double) {};
        runner_->runEpoch(plan, model, control, nobody);
        Eigen::VectorXd product = v;
        if (spec_.intercept)
            product[0] -= model.intercept;
        product.tail(features) -= model.weights;
        product.tail(features) += spec_.regularizer.l2 * v.tail(features);
        return product;
    }

  private:
    const GradientMethod method_;
    const RunSpec& spec_;
    const std::vector<float> labels_;
    std::shared_ptr<EpochRunner> runner_;
};

/// The run's estimator in floats with exact channels, in the mean over the coins.
GradientMethod meanMethod(const GradientMethod& own) {
    GradientMethod method(own.copies > 1 ? EstimatorKind::DoubleMean : own.estimator->kind);
    method.copies = own.copies;
    method.correction = own.correction;
    return method;
}

/// @return the text, numbers as printf has them
template <class... Values>
std::string text(const char* format, Values... values) {
    char buffer[512];
    std::snprintf(buffer, sizeof buffer, format, values...);
    return buffer;
}

} // namespace

std::optional<FrozenCurvature> frozenCurvature(const RunSpec& spec, const RoundedSamples& samples,
                                               bool contraction, const Job& job) {
    const std::size_t values = samples.rows * samples.features;
    const GradientMethod& own = samples.method;
    if (!own.loss.isQuadratic() || !own.estimator->pairs || values > kMostCurvatureValues)
        return std::nullopt;
    MeanProduct rounded(meanMethod(own), spec, samples);
    if (rounded.runner() == nullptr || (rounded.runner()->isRowByRow() && values > kMostValuesRowByRow))
        return std::nullopt;
    const auto watched = [&job](MeanProduct& product) {
        return [&](const Eigen::VectorXd& v) {
            job.checkpoint();
            return product.times(v);
        };
    };
    const Eigen::Index size = static_cast<Eigen::Index>(samples.features) + (spec.intercept ? 1 : 0);
    const SymmetricMap m = watched(rounded);
    FrozenCurvature curvature{extremeEigenvalues(m, size, kProducts), std::nullopt};
    if (contraction && curvature.m.least > 0 && samples.quantized) {
        MeanProduct exact(GradientMethod(EstimatorKind::Full), spec, samples);
        const std::size_t products = std::clamp<std::size_t>(kValuesOfContraction / values, 200, 20'000);
        curvature.contraction = contractionOf(m, watched(exact), size, static_cast<int>(products));
    }
    return curvature;
}

std::optional<FrozenCurvature> frozenCurvature(const RunSpec& spec, const PreparedData& data,
                                               RunSamples& samples, bool contraction, const Job& job) {
    if (samples.trainer() != nullptr)
        return std::nullopt;
    const auto makeRunner = [&samples](std::span<const float> labels, const GradientMethod& method,
                                       std::size_t batch) {
        return samples.makeRunner(labels, method, batch);
    };
    return frozenCurvature(
        spec, {data.train.rows, data.train.features, samples.method(), samples.quantized(), makeRunner},
        contraction, job);
}

bool isUphill(const FrozenCurvature& curvature) {
    constexpr double kRounding = 1e-6; // of the products in float32
    return curvature.m.least < -kRounding * std::abs(curvature.m.greatest);
}

void addCurvatureNotes(const RunSpec& spec, const FrozenCurvature& curvature,
                       std::vector<std::string>& notes) {
    const auto [least, greatest] = curvature.m;
    const bool bounded = rowOf(spec.regularizer.kind).constraint;
    if (isUphill(curvature) && !bounded && spec.sgd.rounding == RoundingTime::Frozen)
        notes.push_back(text(
            "no step converges: these roundings leave a curvature of %.3g in one direction (the largest is "
            "%.3g), along which every step leads uphill; use more bits, variance-optimal levels (grid "
            "optimal), rounding epoch%s, or regularizer l2:%.2g",
            least, greatest, isStore(spec.data.source) ? " on the data file" : "",
            1.5 * -least + spec.regularizer.l2));
    if (spec.sgd.solver == SolverKind::Sgd || !curvature.contraction)
        return;
    if (*curvature.contraction < 1)
        notes.push_back(
            text("predicted to contract: passes that solve exactly leave %.3g of the distance to the "
                 "optimum an anchor (spectral radius of 1 - M^-1 H)",
                 *curvature.contraction));
    else
        notes.push_back(
            text("predicted not to contract: the spectral radius of 1 - M^-1 H is %.3g, and only passes "
                 "that end early may still get nearer; use more bits, variance-optimal levels (grid "
                 "optimal), or estimator naive, which always contracts",
                 *curvature.contraction));
}

} // namespace zipml
