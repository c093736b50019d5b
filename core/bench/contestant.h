#pragma once
/// One row of the benchmark, ready to run: its store, its solver and what was measured.

#include "core/bench/throughput.h"
#include "core/data/dataset.h"
#include "core/quant/any_precision_store.h"
#include "core/quant/sample_store.h"
#include "core/solve/minibatch_sgd.h"

#include <map>
#include <memory>
#include <optional>

namespace zipml {

/// A small generated sample, and what repeats it to any size: estimators that read the same roundings share a
/// store.
class RepeatedData {
  public:
    /// @param bytes of every store, at least. @param batch rows: every store has whole batches only
    RepeatedData(std::size_t features, std::size_t bytes, std::size_t batch, ThreadTeam& team);

    /// As float32 rows.
    const Dataset& rows();
    struct Store {
        std::optional<SampleStore> packed; ///< or the one below
        std::optional<AnyPrecisionStore> anyPrecision;
        std::vector<Grid> grids;
        std::vector<float> labels;
    };
    const Store& store(const Contender& contender);
    /// The corrected estimator's (docs/method.md#s3-7).
    [[nodiscard]] Eigen::VectorXd correction(const Store& store) const;
    /// Contenders of one key read one store.
    static std::string key(const Contender& contender);
    /// Bits of a value that an epoch reads.
    static int bitsFor(const Contender& contender);
    /// Bits of a value that are in memory: more in a store of any precision.
    static int keptBitsFor(const Contender& contender);
    /// The rows of a store of at least `bytes`, whole batches.
    static std::size_t rowsFor(int bitsPerValue, std::size_t features, std::size_t bytes, std::size_t batch);

  private:
    std::size_t bytes_, batch_;
    ThreadTeam& team_;
    Dataset sample_;
    Dataset rows_;
    std::map<std::string, std::unique_ptr<Store>> stores_;
};

class Contestant {
  public:
    Contestant(const Contender& contender, RepeatedData& data, std::size_t batch, ThreadTeam& team,
               Isa isa = activeIsa());

    /// One epoch. @return 10^9 values a second. @throws Cancelled
    double run(const EpochPlan& plan, RunControl& control);

    std::vector<double> gelems; ///< a complete round each
    /// Everything but the measurements.
    [[nodiscard]] ThroughputRow describe() const;

  private:
    Contender contender_;
    GradientMethod method_;
    std::unique_ptr<MinibatchSgd> solver_;
    std::string kernel_;
    std::size_t rows_ = 0, features_ = 0;
    double bitsPerValue_ = 32;
    LinearParameters model_;
};

} // namespace zipml
