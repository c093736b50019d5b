#pragma once
/// The batches of an epoch on a device: their sums and the steps of the model.

#include "accel/buffer.h"
#include "accel/device_plan.h"
#include "accel/programs.h"
#include "core/solve/sgd.h"

#include <array>
#include <optional>

namespace zipml {

/// A task's sizes.
struct BatchShape {
    std::size_t features, rows, batch; ///< rows of the data, and of a batch
    [[nodiscard]] std::size_t batches() const { return (rows + batch - 1) / batch; }
};

class BatchKernels {
  public:
    /// On float32 rows. @param context and method outlive this
    BatchKernels(const ComputeContext& context, const GradientMethod& method, BatchShape shape);
    /// On codes in trainingLayout.
    BatchKernels(const ComputeContext& context, const GradientMethod& method, BatchShape shape,
                 std::span<const Grid> grids, const StoreOptions& store);

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

    /// A value is base + slope * code.
    struct Samples {
        std::optional<TileLayout> layout; ///< none: float32 rows
        std::vector<double> slope, base;
        std::uint64_t seed;
    };
    static Samples samplesOf(std::size_t features, const GradientMethod& method, std::span<const Grid> grids,
                             const StoreOptions& store);

    BatchKernels(const ComputeContext& context, const GradientMethod& method, BatchShape shape,
                 const Samples& samples);
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
    bool counts_ = false; ///< odd codes, for the mean over the coins
    bool manyALaunch_ = false;
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
