#include "accel/batch_kernels.h"

#include <algorithm>

namespace zipml {
namespace {

constexpr std::array<const char*, 7> kNames = {"train",     "takeStep",  "gatherGradient", "moveModel",
                                               "clipModel", "sendModel", "beginEpoch"};

/// Chunks of a batch, each with a gradient of its own; one number for all devices of a kind, so that results
/// repeat.
std::size_t mostChunks(const Grouping& grouping) {
    return grouping.shared() ? 256 : 16;
}

DeviceBuffer<double> correctionOf(const ComputeContext& context, const GradientMethod& method) {
    return {context, std::span<const double>(method.correction.data(),
                                             static_cast<std::size_t>(method.correction.size()))};
}

BatchShape clamped(BatchShape shape) {
    shape.batch = std::min(shape.batch, shape.rows);
    return shape;
}

void describe(const VectorQuantizer& quantizer, cl_uint& bits, cl_uint& most) {
    bits = static_cast<cl_uint>(quantizer.bits);
    most = quantizer.scale == VectorScale::Largest ? 1 : 0;
}

void describe(const Regularizer& regularizer, double step, DevicePlan& plan) {
    switch (regularizer.kind) {
    case RegularizerKind::None:
        plan.proximal = DevicePlan::kNone;
        return;
    case RegularizerKind::L2:
    case RegularizerKind::L1:
    case RegularizerKind::Elastic:
        plan.proximal = DevicePlan::kShrink;
        plan.threshold = step * regularizer.l1;
        plan.shrink = 1.0 / (1.0 + step * regularizer.l2);
        return;
    case RegularizerKind::Ball:
        plan.proximal = DevicePlan::kBall;
        plan.radius = regularizer.radius;
        return;
    case RegularizerKind::Box:
        plan.proximal = DevicePlan::kBox;
        plan.low = regularizer.low;
        plan.high = regularizer.high;
        return;
    }
}

std::vector<double> withIntercept(const LinearParameters& model) {
    std::vector<double> values(model.weights.begin(), model.weights.end());
    values.push_back(model.intercept);
    return values;
}

LinearParameters parametersIn(const DeviceBuffer<double>& buffer) {
    const std::vector<double> values = buffer.read();
    return {values.back(),
            Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size() - 1))};
}

} // namespace

BatchKernels::BatchKernels(const ComputeContext& context, const GradientMethod& method, BatchShape shape,
                           const BatchSamples& samples, const std::optional<Tuning>& tuning)
    : BatchKernels(Exactly{}, context, method, clamped(shape), samples,
                   tuning ? *tuning : tuningFor(context, method, clamped(shape), samples)) {}

BatchKernels::BatchKernels(Exactly /*tag*/, const ComputeContext& context, const GradientMethod& method,
                           const BatchShape& shape, const BatchSamples& samples, const Tuning& tuning)
    : context_(context), method_(method), shape_(shape), grouping_{tuning.groupItems},
      counts_(method.estimator->pairs == Pairs::Mean), manyALaunch_(tuning.manyALaunch),
      planBuffer_(context, 1), orderBuffer_(context, shape.batches()),
      slope_(context, std::span<const double>(samples.slope)),
      base_(context, std::span<const double>(samples.base)), correction_(correctionOf(context, method)),
      model_(context, shape.features + 1),
      sent_(method.model.on() ? DeviceBuffer<double>(context, shape.features) : model_),
      average_(context, shape.features + 1), gradient_(context, shape.features), norms_(context, 2 * spans()),
      offsets_(context, spans()) {
    const auto& layout = samples.layout;
    const std::size_t parts = layout ? layout->parts().size() : 1;
    plan_.batch = static_cast<cl_uint>(shape.batch);
    plan_.rows = static_cast<cl_uint>(shape.rows);
    plan_.features = static_cast<cl_uint>(shape.features);
    plan_.unitRows = layout ? kTileRows : 4;
    plan_.mostChunks = static_cast<cl_uint>(mostChunks(grouping_));
    plan_.blockRows = static_cast<cl_uint>(tuning.blockRows);
    plan_.storeSeed = samples.seed;
    plan_.corrected = method.correction.size() > 0 ? 1 : 0;
    plan_.counted = counts_ ? 1 : 0;
    plan_.loss = deviceLoss(method.loss.kind);
    plan_.positive = method.loss.weights.positive;
    plan_.negative = method.loss.weights.negative;
    describe(method.model, plan_.modelBits, plan_.modelMost);
    describe(method.gradient, plan_.gradientBits, plan_.gradientMost);
    const std::size_t chunks = chunksOf(shape.batch);
    residualSums_ = DeviceBuffer<double>(context, chunks);
    sums_ = DeviceBuffer<float>(context, chunks * shape.features);
    plan_.parts = static_cast<cl_uint>(parts);
    scales_ = DeviceBuffer<float>(context,
                                  std::span<const float>(layout ? fieldScales(*layout, grouping_)
                                                                : std::vector<float>(shape.features, 1.0F)));
    y_ = DeviceBuffer<float>(context, shape.features * parts);
    scratch_ = DeviceBuffer<unsigned char>(
        context, layout ? chunks * kMostBlockTiles * tossedBytes(*layout, method, grouping_) : 0);
    const cl::Program samplesProgram = layout
                                           ? packedProgram(context, *layout, method, shape.batch, grouping_)
                                           : rowsProgram(context, shape.batch, grouping_);
    const cl::Program steps = stepProgram(context, shape.batch, grouping_);
    for (std::size_t i = 0; i < kKernels; ++i)
        kernels_[i] = kernelOf(i == kTrain ? samplesProgram : steps, kNames[i]);
    if (counts_) {
        countBuffer_ = DeviceBuffer<unsigned char>(
            context, shape.batches() * shape.features *
                         (wideCounts(shape.batch) ? sizeof(cl_uint) : sizeof(cl_ushort)));
        countOdd_ = kernelOf(oddProgram(context, *layout, shape.batch, grouping_), "countOdd");
    }
    setArguments();
}

void BatchKernels::setArguments() {
    if (countBuffer_.size() == 0) // a kernel's argument all the same
        countBuffer_ = DeviceBuffer<unsigned char>(context_, 1);
    openCl("prepare the kernels of " + context_.info.name, [&] {
        for (cl::Kernel& kernel : kernels_) {
            cl_uint argument = 2; // behind samples and labels
            for (const cl::Buffer& each :
                 {planBuffer_.get(), orderBuffer_.get(), slope_.get(), base_.get(), scales_.get(),
                  correction_.get(), countBuffer_.get(), model_.get(), sent_.get(), average_.get(),
                  gradient_.get(), norms_.get(), y_.get(), offsets_.get(), sums_.get(), residualSums_.get(),
                  scratch_.get()})
                kernel.setArg(argument++, each);
        }
    });
}

void BatchKernels::setData(const cl::Buffer& samples, const cl::Buffer& labels) {
    openCl("prepare the kernels of " + context_.info.name, [&] {
        for (cl::Kernel& kernel : kernels_) {
            kernel.setArg(0, samples);
            kernel.setArg(1, labels);
        }
        if (counts_)
            countOdd_.setArg(0, samples);
    });
}

void BatchKernels::samplesChanged() {
    if (!counts_)
        return;
    planBuffer_.write({&plan_, 1});
    const std::size_t groups = std::min(chunksOf(shape_.batch), shape_.batches());
    openCl("count odd codes on " + context_.info.name, [&] {
        countOdd_.setArg(1, planBuffer_.get());
        countOdd_.setArg(2, static_cast<cl_uint>(groups));
        countOdd_.setArg(3, sums_.get());
        countOdd_.setArg(4, countBuffer_.get());
        context_.enqueueGroups(countOdd_, groups, grouping_.items);
    });
}

void BatchKernels::setModel(const LinearParameters& model) {
    model_.write(withIntercept(model));
}

LinearParameters BatchKernels::model() const {
    return parametersIn(model_);
}

std::size_t BatchKernels::chunksOf(std::size_t rows) const {
    return std::min<std::size_t>(plan_.mostChunks, (rows + plan_.unitRows - 1) / plan_.unitRows);
}

void BatchKernels::beginEpoch(const EpochPlan& plan, std::span<const std::uint32_t> order,
                              const TailAverage* average) {
    order_.assign(order.begin(), order.end());
    orderBuffer_.write(order);
    plan_.step = plan.step;
    plan_.seed = plan.seed;
    plan_.epoch = plan.epoch;
    plan_.intercept = plan.intercept ? 1 : 0;
    describe(plan.regularizer, plan.step, plan_);
    plan_.averaged = average != nullptr ? 1 : 0;
    if (average != nullptr) {
        plan_.averageSkip = average->skipped();
        plan_.averageCount = average->count();
        if (average->begun())
            average_.write(withIntercept(average->mean()));
        else
            average_.write(std::vector<double>(shape_.features + 1, 0.0));
    }
    planBuffer_.write({&plan_, 1});
    launch(kBegin, 1, 0, 0);
}

void BatchKernels::enqueue(std::size_t begin, std::size_t end) {
    if (manyALaunch_) {
        launch(kTrain, 1, begin, end, true);
        return;
    }
    const bool ball = plan_.proximal == DevicePlan::kBall;
    const bool norms = ball || method_.model.on() || method_.gradient.on();
    for (std::size_t batch = begin; batch < end; ++batch) {
        const std::size_t first = order_[batch] * shape_.batch;
        launch(kTrain, chunksOf(std::min(shape_.batch, shape_.rows - first)), batch, batch + 1);
        if (!norms) {
            launch(kStep, spans(), batch, batch + 1);
            continue;
        }
        launch(kGather, spans(), batch, batch + 1);
        launch(kMove, spans(), batch, batch + 1);
        if (ball)
            launch(kClip, 1, batch, batch + 1);
        launch(kSend, spans(), batch, batch + 1);
    }
}

void BatchKernels::finishAverage(TailAverage& average, std::size_t steps) const {
    average.advance(steps, parametersIn(average_));
}

void BatchKernels::launch(Kernel kernel, std::size_t groups, std::size_t begin, std::size_t end, bool many) {
    constexpr cl_uint kBeginArgument = 19;
    openCl("run " + std::string(kNames[kernel]) + " on " + context_.info.name, [&] {
        kernels_[kernel].setArg(kBeginArgument, static_cast<cl_uint>(begin));
        kernels_[kernel].setArg(kBeginArgument + 1, static_cast<cl_uint>(end));
        if (kernel == kTrain)
            kernels_[kernel].setArg(kBeginArgument + 2, many ? cl_uint{1} : cl_uint{0});
        context_.enqueueGroups(kernels_[kernel], groups, grouping_.items);
    });
}

} // namespace zipml
