#pragma once
/// What runs an epoch of minibatch SGD: kernels on packed codes or float32 rows, rows one by one, or a
/// device.

#include "core/solve/sgd.h"

namespace zipml {

class EpochRunner {
  public:
    virtual ~EpochRunner() = default;
    /// As runEpoch in sgd.h.
    virtual bool runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                          const std::function<void(double)>& onProgress, TailAverage* average = nullptr) = 0;
    /// Rows that the last epoch fetched in full for a model, beside their roundings.
    [[nodiscard]] virtual std::uint64_t rowsFetched(std::size_t /*model*/) const { return 0; }
    /// Whether rows are read one by one in double, which takes long.
    [[nodiscard]] virtual bool isRowByRow() const { return false; }
};

} // namespace zipml
