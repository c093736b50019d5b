#include "core/solve/minibatch_sgd.h"

#include <algorithm>

namespace zipml {
namespace {

/// Values that are worked on between two looks at the run's control: a few milliseconds.
constexpr std::size_t kValuesAStretch = 50'000'000;

} // namespace

MinibatchSgd::MinibatchSgd(std::size_t features, std::span<const float> labels, const GradientMethod& method,
                           ThreadTeam& team, Isa isa)
    : isa_(isa), labels_(labels), method_(method), team_(team), loops_(vectorKernels(isa_)),
      barrier_(team.threads()), gradient_(features, 0.0),
      correction_(method.correction.data(), method.correction.data() + method.correction.size()) {}

MinibatchSgd::Range MinibatchSgd::featuresOf(int thread) const {
    const std::size_t chunks = (features() + kFeaturesPerChunk - 1) / kFeaturesPerChunk;
    const auto at = [&](int border) {
        const std::size_t chunk = chunks * static_cast<std::size_t>(border) / static_cast<std::size_t>(threads());
        return std::min(features(), chunk * kFeaturesPerChunk);
    };
    return {at(thread), at(thread + 1)};
}

void MinibatchSgd::correct(Range features, std::size_t rows) {
    if (!correction_.empty())
        loops_.subtractProducts(correction_.data() + features.begin, model_->weights.data() + features.begin,
                                static_cast<double>(rows), features.size(), gradient_.data() + features.begin);
}

bool MinibatchSgd::runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                            const std::function<void(double)>& onProgress, TailAverage* average) {
    plan_ = &plan;
    model_ = &model;
    average_ = average;
    const std::size_t rows = labels_.size();
    const std::size_t size = std::min(plan.batch, rows);
    const std::size_t batches = (rows + size - 1) / size;
    const auto order = batchOrder(plan, batches);
    const std::size_t stretch = std::max<std::size_t>(1, kValuesAStretch / (size * features()));
    for (std::size_t begin = 0; begin < batches; begin += stretch) {
        if (!control.waitIfPaused())
            return false;
        const std::size_t end = std::min(batches, begin + stretch);
        team_.forEachChunk(static_cast<std::size_t>(threads()), [&](std::size_t thread) {
            for (std::size_t b = begin; b < end; ++b) {
                const std::size_t first = order[b] * size;
                const std::size_t next = b + 1 < batches ? order[b + 1] * size : first;
                runBatch(static_cast<int>(thread), {static_cast<std::uint32_t>(b), first,
                                                    std::min(size, rows - first), next});
            }
        });
        if (!model.finite())
            return false;
        onProgress(static_cast<double>(end) / static_cast<double>(batches));
    }
    return true;
}

void MinibatchSgd::runBatch(int thread, const Batch& batch) {
    send(thread, batch);
    addUp(thread, batch);
    if (method_.gradient.on())
        roundGradient(thread, batch);
    const double scale = plan_->step / static_cast<double>(batch.rows);
    const Range range = featuresOf(thread);
    double* weights = model_->weights.data();
    for (std::size_t f = range.begin; f < range.end; ++f)
        weights[f] -= scale * gradient_[f];
    if (thread == 0 && plan_->intercept)
        model_->intercept -= scale * interceptGradient_;
    if (plan_->regularizer.kind == RegularizerKind::None && average_ == nullptr)
        return;
    meet(); // both look at the whole model
    if (thread == 0) {
        plan_->regularizer.applyProximalStep(model_->weights, plan_->step);
        if (average_ != nullptr)
            average_->add(*model_);
    }
    meet();
}

void MinibatchSgd::roundGradient(int thread, const Batch& batch) {
    meet();
    if (thread == 0) {
        Eigen::Map<Eigen::VectorXd> all(gradient_.data(), static_cast<Eigen::Index>(gradient_.size()));
        Eigen::VectorXd rounded = all;
        method_.gradient.round(rounded, stream(Purpose::GradientRounding), batch.index);
        all = rounded;
    }
    meet();
}

} // namespace zipml
