#pragma once
/// One linear model of a run, epoch by epoch: a run has one, or one a class (one_versus_rest.h). All of them
/// read the same samples.

#include "core/lab/polynomial_range.h"
#include "core/lab/run_record.h"
#include "core/lab/run_samples.h"

namespace zipml {

class ModelTraining {
  public:
    /// @param labels of the training rows: -1 and +1 for classes. The references outlive this
    ModelTraining(const RunSpec& spec, const PreparedData& data, RunSamples& samples,
                  std::span<const float> labels, ThreadTeam& team, const Job& job);

    /// Goes on from a model that was trained earlier.
    void setModel(const LinearParameters& model) { model_ = model; }
    /// Reads other samples from now on, or the same after their width has changed.
    void read(RunSamples& samples);

    /// Of the solver bit centering: the least curvature of what its passes minimise, above 0.
    void setLeastCurvature(double curvature) { leastCurvature_ = curvature; }

    /// @return false when stopped before the end, or when the model is no longer finite
    bool trainEpoch(const EpochPlan& plan, RunControl& control, const std::function<void(double)>& progress);
    /// The same in one pass with other models (RunSamples::makeRunner): what `runner` trains, and after its epoch
    /// what it did. @param readsSamples whether what the pass reads is counted with this model. @param index
    /// of the model among them
    TrainedModel beginEpoch(EpochPlan plan, bool readsSamples);
    void endEpoch(const EpochRunner& runner, std::size_t index);
    /// Back to what current() was before the epoch that trainEpoch ran last; what was averaged is left out.
    void takeBack();
    /// As takeBack for a model whose turn in the epoch did not come.
    void stay() {
        before_ = current();
        takeBack();
    }

    /// The model that is reported: the last iterate, or the average of the tail once it has begun.
    [[nodiscard]] const LinearParameters& current() const {
        return !reduced() && average_ && average_->begun() ? average_->mean() : model_;
    }
    /// current() before the last epoch.
    [[nodiscard]] const LinearParameters& previous() const { return before_; }
    /// Bytes of samples and labels read in the last epoch or to be read in one under way, and share of rows
    /// fetched in full.
    [[nodiscard]] std::uint64_t moved() const { return moved_; }
    /// Bytes of the model and the gradient of an anchor that the last epoch took.
    [[nodiscard]] std::uint64_t anchorVectorsMoved() const { return anchorVectorsMoved_; }
    [[nodiscard]] double refetchRate() const;

    /// Regularizer, bias and variance, scores outside, refetch rate: all but losses, optimum and bytes.
    /// @param rows that bias is measured on
    [[nodiscard]] EpochRecord measure(int epoch, std::span<const std::uint32_t> rows) const;

  private:
    [[nodiscard]] bool reduced() const { return spec_.sgd.solver != SolverKind::Sgd; }
    [[nodiscard]] std::size_t batches() const {
        return (data_.train.rows + spec_.sgd.batch - 1) / spec_.sgd.batch;
    }
    bool trainReduced(EpochPlan& plan, RunControl& control, const std::function<void(double)>& progress);
    /// Reads the samples in full precision, with their labels; for the first of several anchors as rounded.
    void takeAnchor(const EpochPlan& plan);
    /// The mean gradient at the zero model from the rounded samples; nothing where they are not read as a
    /// whole (a store of any precision with more than 65,536 rows).
    [[nodiscard]] std::optional<LinearParameters> firstGradient() const;
    void measureBias(int epoch, std::span<const std::uint32_t> rows, EpochRecord& result) const;

    const RunSpec& spec_;
    const PreparedData& data_;
    RunSamples* samples_;
    std::span<const float> labels_;
    ThreadTeam& team_;
    const Job& job_;
    std::optional<PolynomialRange> range_; ///< of the estimator polynomial
    std::shared_ptr<EpochRunner> runner_;
    LinearParameters model_, before_;
    std::optional<TailAverage> average_; ///< of the tail, or of an anchor's differences
    std::vector<float> noLabels_;        ///< of a difference (variance_reduction.h)
    Anchor anchor_;
    LinearParameters difference_; ///< to the anchor
    int passesLeft_ = 0;          ///< of the anchor
    double leastCurvature_ = 0;
    std::uint64_t anchorVectorsMoved_ = 0;
    std::uint64_t moved_ = 0, fetched_ = 0; ///< of the last epoch: bytes; rows
};

} // namespace zipml
