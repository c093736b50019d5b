#pragma once
/// The loss of a model on rows that lie on the device.

#include "accel/buffer.h"
#include "core/data/dataset.h"
#include "core/loss/evaluate.h"

namespace zipml {

/// A data set on the device.
struct DeviceRows {
    DeviceRows(const ComputeContext& context, const Dataset& data)
        : values(context, std::span<const float>(data.values)),
          labels(context, std::span<const float>(data.labels)), rows(data.rows), features(data.features) {}

    DeviceBuffer<float> values, labels;
    std::size_t rows, features;
};

class DeviceEvaluator {
  public:
    /// @param context outlives this
    explicit DeviceEvaluator(const ComputeContext& context, const Loss& loss = {});
    /// @param model weights, then the intercept
    Evaluation evaluate(const DeviceRows& data, const DeviceBuffer<double>& model);

  private:
    const ComputeContext& context_;
    Loss loss_;
    cl::Kernel kernel_;
    std::size_t chunks_;
    DeviceBuffer<double> losses_;
    DeviceBuffer<cl_uint> hits_;
};

} // namespace zipml
