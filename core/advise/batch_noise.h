#pragma once
/// What the steps' noise comes from: gradients of minibatches at a model, over the minibatches and over what
/// is drawn anew at each step (docs/method.md#s24).

#include "core/advise/flat_layout.h"
#include "core/base/job.h"
#include "core/data/dataset.h"
#include "core/estimate/sample_source.h"

#include <span>

namespace zipml {

/// Mean gradients of minibatches at a model: variance over the minibatches along some directions, and that
/// of what is drawn anew at each step.
struct BatchNoise {
    Eigen::VectorXd dealt, fresh;
};

struct NoiseQuestion {
    const Dataset& train;
    const FlatLayout& layout;
    std::span<const std::uint32_t> starts;
    std::size_t batch;
    const GradientMethod& method;
    std::span<const Grid> grids;
    bool frozen;        ///< the roundings stay from epoch to epoch
    std::uint64_t seed; ///< of the roundings
    std::uint32_t draw; ///< likewise
};

BatchNoise noiseAt(const NoiseQuestion& question, const LinearParameters& at,
                   const Eigen::MatrixXd& directions, const Job& job);

} // namespace zipml
