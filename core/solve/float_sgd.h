#pragma once
/// Minibatch SGD in float32 on rows as they are: full precision, and the baseline that packed codes are held
/// against. A batch is worked through in blocks that stay in the first-level cache between the dot product
/// and the gradient, while the next rows are being fetched.

#include "core/data/dataset.h"
#include "core/kernels/float_kernels.h"
#include "core/solve/minibatch_sgd.h"

#include <string>

namespace zipml {

class FloatSgd final : public MinibatchSgd {
  public:
    /// @param data and labels, one a row of it, outlive this
    FloatSgd(const Dataset& data, std::span<const float> labels, std::size_t batch,
             const GradientMethod& method, ThreadTeam& team, Isa isa = activeIsa());

    /// "float32 rows, avx512"
    static std::string kernels(Isa isa) { return "float32 rows, " + std::string(nameOf(isa)); }

  protected:
    void send(int thread, const Batch& batch) override;
    void addUp(int thread, const Batch& batch) override;

  private:
    const Dataset& data_;
    const RowKernels& kernels_;
    std::size_t rowsAChunk_;
    LinearParameters sent_;
    std::vector<float> weights_;           ///< the model as sent
    std::vector<std::vector<float>> sums_; ///< the gradient of each chunk of rows
    std::vector<double> interceptSums_;
};

} // namespace zipml
