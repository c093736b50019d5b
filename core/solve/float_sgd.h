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
    /// @param data and labels, one a row of it for each model, outlive this
    FloatSgd(const Dataset& data, LabelSets labels, std::size_t batch, const GradientMethod& method,
             ThreadTeam& team, Isa isa = activeIsa());
    FloatSgd(const Dataset& data, std::span<const float> labels, std::size_t batch,
             const GradientMethod& method, ThreadTeam& team, Isa isa = activeIsa())
        : FloatSgd(data, LabelSets{labels}, batch, method, team, isa) {}

    /// "float32 rows, avx512"
    static std::string kernels(Isa isa) { return "float32 rows, " + std::string(nameOf(isa)); }

  protected:
    void send(int thread, const Batch& batch) override;
    void addUp(int thread, const Batch& batch) override;
    void takeGradient(int thread, std::size_t model, const Batch& batch) override;

  private:
    /// A model as sent, and what the batch adds up for it.
    struct Sent {
        LinearParameters rounded;
        std::vector<float> weights;
        std::vector<std::vector<float>> sums; ///< the gradient of each chunk of rows
        std::vector<double> interceptSums;
    };
    [[nodiscard]] std::size_t chunksOf(std::size_t rows) const {
        return (rows + rowsAChunk_ - 1) / rowsAChunk_;
    }

    const Dataset& data_;
    const RowKernels& kernels_;
    std::size_t rowsAChunk_;
    std::vector<Sent> sent_; ///< of each model
};

} // namespace zipml
