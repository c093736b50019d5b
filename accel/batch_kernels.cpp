#include "accel/batch_kernels.h"

#include "accel/programs.h"

#include <algorithm>

namespace zipml {
namespace {

/// Bytes of a block that stays in a core's second-level cache beside the gradient.
constexpr std::size_t kBlockBytes = 64 << 10;
constexpr std::size_t kRowBlockBytes = 32
                                       << 10; ///< float32 rows are read so fast that the first level counts

/// Chunks of a batch, each with a gradient of its own; one number for all devices of a kind, so that results
/// repeat.
std::size_t chunksFor(const OpenClDevice& device) {
    return device.type == "cpu" ? 16 : 1024;
}

DeviceBuffer<double> filled(const ComputeContext& context, std::size_t count, double value) {
    return {context, std::span<const double>(std::vector<double>(count, value))};
}

DeviceBuffer<double> correctionOf(const ComputeContext& context, const GradientMethod& method) {
    return {context, std::span<const double>(method.correction.data(),
                                             static_cast<std::size_t>(method.correction.size()))};
}

std::vector<double> slopesOf(std::span<const Grid> grids, int copies) {
    std::vector<double> slopes;
    for (const Grid& grid : grids)
        slopes.push_back(grid.gap() / copies);
    return slopes;
}

std::vector<double> lowsOf(std::span<const Grid> grids) {
    std::vector<double> lows;
    for (const Grid& grid : grids)
        lows.push_back(grid.low());
    return lows;
}

/// Arguments of `batchSums` and `takeStep` that change.
enum SumsArgument : cl_uint {
    kSamples,
    kLabels,
    kFirst,
    kRows,
    kBlockRows,
    kChunks,
    kFeatures,
    kKey,
    kEpoch
};
enum StepArgument : cl_uint { kStepFeatures, kStepChunks, kStepRows, kScale, kProximal, kLimits };

} // namespace

BatchKernels::BatchKernels(const ComputeContext& context, const GradientMethod& method, std::size_t features,
                           std::size_t rows)
    : context_(context), features_(features), unitRows_(4),
      mostChunks_(std::min(chunksFor(context.info), (rows + unitRows_ - 1) / unitRows_)),
      blockRows_(
          std::clamp<std::size_t>(kRowBlockBytes / (features * sizeof(float)) / 4 * 4, 4, kMostBlockRows)),
      slope_(filled(context, features, 1)), base_(filled(context, features, 0)),
      correction_(correctionOf(context, method)), y_(context, features) {
    const cl::Program program = rowsProgram(context);
    sums_ = kernelOf(program, "batchSums");
    step_ = kernelOf(program, "takeStep");
    setFixedArguments();
}

BatchKernels::BatchKernels(const ComputeContext& context, const GradientMethod& method,
                           const TileLayout& layout, std::span<const Grid> grids, const StoreOptions& store,
                           std::size_t rows)
    : context_(context), features_(layout.features()), unitRows_(kTileRows),
      mostChunks_(std::min(chunksFor(context.info), TileLayout::tilesOf(rows))),
      blockRows_(kTileRows * std::clamp<std::size_t>(kBlockBytes / layout.tileBytes(), 1, kMostBlockTiles)),
      seed_(store.seed), slope_(context, std::span<const double>(slopesOf(grids, store.copies))),
      base_(context, std::span<const double>(lowsOf(grids))), correction_(correctionOf(context, method)),
      y_(context, features_ * layout.parts().size()) {
    const cl::Program program = packedProgram(context, layout, method);
    sums_ = kernelOf(program, "batchSums");
    step_ = kernelOf(program, "takeStep");
    if (store.copies == 2) {
        signs_ = DeviceBuffer<float>(context, mostChunks_ * features_);
        heads_ = DeviceBuffer<unsigned char>(context, mostChunks_ * kMostBlockTiles * 2 * features_);
    }
    setFixedArguments();
}

void BatchKernels::setFixedArguments() {
    model_ = DeviceBuffer<double>(context_, features_ + 2);
    offsets_ = DeviceBuffer<double>(context_, (features_ + kStepSpan - 1) / kStepSpan);
    residualSums_ = DeviceBuffer<double>(context_, mostChunks_);
    partials_ = DeviceBuffer<float>(context_, mostChunks_ * features_);
    if (signs_.size() == 0) // a kernel's argument all the same
        signs_ = DeviceBuffer<float>(context_, 1);
    if (heads_.size() == 0)
        heads_ = DeviceBuffer<unsigned char>(context_, 1);
    const cl_uint2 key{{static_cast<cl_uint>(seed_), static_cast<cl_uint>(seed_ >> 32U)}};
    openCl("prepare the kernels of " + context_.info.name, [&] {
        sums_.setArg(kBlockRows, static_cast<cl_uint>(blockRows_));
        sums_.setArg(kFeatures, static_cast<cl_uint>(features_));
        sums_.setArg(kKey, key);
        sums_.setArg(kEpoch, cl_uint{0});
        cl_uint argument = kEpoch + 1;
        for (const cl::Buffer& each : {offsets_.get(), model_.get(), y_.get(), partials_.get(), signs_.get(),
                                       residualSums_.get(), heads_.get()})
            sums_.setArg(argument++, each);
        step_.setArg(kStepFeatures, static_cast<cl_uint>(features_));
        argument = kLimits + 1;
        for (const cl::Buffer& each :
             {slope_.get(), base_.get(), correction_.get(), partials_.get(), signs_.get(),
              residualSums_.get(), model_.get(), y_.get(), offsets_.get()})
            step_.setArg(argument++, each);
    });
}

void BatchKernels::setData(const cl::Buffer& samples, const cl::Buffer& labels) {
    openCl("prepare the kernels of " + context_.info.name, [&] {
        sums_.setArg(kSamples, samples);
        sums_.setArg(kLabels, labels);
    });
}

void BatchKernels::setModel(const LinearParameters& model, bool intercept) {
    std::vector<double> values(model.weights.begin(), model.weights.end());
    values.push_back(model.intercept);
    values.push_back(intercept ? 1 : 0);
    model_.write(values);
}

LinearParameters BatchKernels::model() const {
    std::vector<double> values(features_ + 1);
    model_.read(values);
    return {values.back(),
            Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(features_))};
}

std::size_t BatchKernels::chunksOf(std::size_t rows) const {
    return std::min(mostChunks_, (rows + unitRows_ - 1) / unitRows_);
}

void BatchKernels::beginEpoch(std::uint32_t epoch) {
    openCl("begin an epoch on " + context_.info.name,
           [&] { sums_.setArg(kEpoch, static_cast<cl_uint>(epoch)); });
    enqueueStep(0, 0, 0, 0, {});
}

void BatchKernels::enqueue(std::size_t first, std::size_t rows, double step, const Regularizer& regularizer) {
    const std::size_t chunks = chunksOf(rows);
    openCl("run a batch on " + context_.info.name, [&] {
        sums_.setArg(kFirst, static_cast<cl_uint>(first));
        sums_.setArg(kRows, static_cast<cl_uint>(rows));
        sums_.setArg(kChunks, static_cast<cl_uint>(chunks));
        context_.enqueue(sums_, chunks);
    });
    enqueueStep(chunks, rows, step / static_cast<double>(rows), step, regularizer);
}

void BatchKernels::enqueueStep(std::size_t chunks, std::size_t rows, double scale, double step,
                               const Regularizer& regularizer) {
    enum : cl_int { kNone, kShrink, kBox };
    cl_int proximal = kShrink;
    cl_double2 limits{{step * regularizer.l1, 1.0 / (1.0 + step * regularizer.l2)}};
    if (regularizer.kind == RegularizerKind::None)
        proximal = kNone;
    if (regularizer.kind == RegularizerKind::Box) {
        proximal = kBox;
        limits = {{regularizer.low, regularizer.high}};
    }
    const std::size_t spans = (features_ + kStepSpan - 1) / kStepSpan;
    openCl("step on " + context_.info.name, [&] {
        step_.setArg(kStepChunks, static_cast<cl_uint>(chunks));
        step_.setArg(kStepRows, static_cast<cl_uint>(rows));
        step_.setArg(kScale, scale);
        step_.setArg(kProximal, proximal);
        step_.setArg(kLimits, limits);
        context_.enqueue(step_, spans);
    });
}

} // namespace zipml
