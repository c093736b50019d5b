#pragma once
/// A minibatch on a device: its sums, then the step of the model.

#include "accel/buffer.h"
#include "core/estimate/gradient_method.h"
#include "core/quant/sample_store.h"
#include "core/solve/sgd.h"

namespace zipml {

class BatchKernels {
  public:
    /// On float32 rows. @param context outlives this. @param rows most of a batch
    BatchKernels(const ComputeContext& context, const GradientMethod& method, std::size_t features,
                 std::size_t rows);
    /// On a store's codes.
    BatchKernels(const ComputeContext& context, const GradientMethod& method, const TileLayout& layout,
                 std::span<const Grid> grids, const StoreOptions& store, std::size_t rows);

    /// Where the samples are; they outlive the batches.
    void setData(const cl::Buffer& samples, const cl::Buffer& labels);
    void setModel(const LinearParameters& model, bool intercept);
    [[nodiscard]] LinearParameters model() const;
    [[nodiscard]] const DeviceBuffer<double>& modelBuffer() const { return model_; }
    /// Enqueued before an epoch's first batch: brings the model into the kernels' form.
    void beginEpoch(std::uint32_t epoch);
    /// Enqueues a batch of the rows [first, first + rows).
    void enqueue(std::size_t first, std::size_t rows, double step, const Regularizer& regularizer);

  private:
    void setFixedArguments();
    void enqueueStep(std::size_t chunks, std::size_t rows, double scale, double step,
                     const Regularizer& regularizer);
    [[nodiscard]] std::size_t chunksOf(std::size_t rows) const;

    const ComputeContext& context_;
    std::size_t features_, unitRows_; ///< rows that are not divided: a tile's, or 4
    std::size_t mostChunks_, blockRows_;
    std::uint64_t seed_ = 0;
    cl::Kernel sums_, step_;
    DeviceBuffer<double> slope_, base_, correction_, model_, offsets_, residualSums_;
    DeviceBuffer<float> y_, partials_, signs_;
    DeviceBuffer<unsigned char> heads_;
};

} // namespace zipml
