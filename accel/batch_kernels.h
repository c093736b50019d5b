#pragma once
/// The batches of an epoch on a device: their sums and the steps of the model.

#include "accel/batch_samples.h"
#include "accel/buffer.h"
#include "accel/device_plan.h"
#include "core/solve/sgd.h"

#include <array>

namespace zipml {

class BatchKernels {
  public:
    /// @param context and method outlive this. @param tuning none: tuningFor
    BatchKernels(const ComputeContext& context, const GradientMethod& method, BatchShape shape,
                 const BatchSamples& samples, const std::optional<Tuning>& tuning = {});

    /// Where the samples are; they outlive the batches.
    void setData(const cl::Buffer& samples, const cl::Buffer& labels);
    /// Enqueues what has to be known of samples that were rounded anew.
    void samplesChanged();
    void setModel(const LinearParameters& model);
    [[nodiscard]] LinearParameters model() const;
    [[nodiscard]] const DeviceBuffer<double>& modelBuffer() const { return model_; }
    /// Before an epoch's first batch. @param order of batchOrder. @param average null: of no iterates
    void beginEpoch(const EpochPlan& plan, std::span<const std::uint32_t> order,
                    const TailAverage* average = nullptr);
    /// Enqueues the batches [begin, end) of the order.
    void enqueue(std::size_t begin, std::size_t end);
    /// Brings the epoch's iterates into it. @param steps taken
    void finishAverage(TailAverage& average, std::size_t steps) const;

  private:
    /// In the order of the names in the source file.
    enum Kernel : std::size_t { kTrain, kStep, kGather, kMove, kClip, kSend, kBegin, kKernels };

    struct Exactly {}; ///< shape and tuning as they are
    BatchKernels(Exactly, const ComputeContext& context, const GradientMethod& method,
                 const BatchShape& shape, const BatchSamples& samples, const Tuning& tuning);
    void setArguments();
    void launch(Kernel kernel, std::size_t groups, std::size_t begin, std::size_t end, bool many = false);
    [[nodiscard]] std::size_t chunksOf(std::size_t rows) const;
    [[nodiscard]] std::size_t spans() const {
        return (shape_.features + grouping_.span() - 1) / grouping_.span();
    }

    const ComputeContext& context_;
    const GradientMethod& method_;
    BatchShape shape_;
    Grouping grouping_;
    std::vector<std::uint32_t> order_;
    DevicePlan plan_;
    bool counts_; ///< odd codes, for the mean over the coins
    bool manyALaunch_;
    std::array<cl::Kernel, kKernels> kernels_;
    cl::Kernel countOdd_;
    DeviceBuffer<DevicePlan> planBuffer_;
    DeviceBuffer<cl_uint> orderBuffer_;
    DeviceBuffer<double> slope_, base_, correction_, model_, sent_, average_, gradient_, norms_, offsets_,
        residualSums_;
    DeviceBuffer<float> scales_, y_, sums_;
    DeviceBuffer<unsigned char> countBuffer_, scratch_;
};

} // namespace zipml
