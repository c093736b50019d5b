#pragma once
/// The loop of fast minibatch SGD: batches of rows that lie side by side, all threads inside of every batch.
/// How a batch's gradient comes about is a subclass's: packed codes (packed_sgd.h) or float32 rows
/// (float_sgd.h).
///
/// Threads share a batch by rows for the gradient and by features for the update; they synchronize at barriers a few
/// times a batch. Whatever is added up in floating point is cut into chunks that do not depend on the number
/// of threads.
///
/// Several models, those of one class against the rest, are trained in one pass over the samples where a
/// subclass knows how: each batch is read once, for one model after the other. Each of them learns what it
/// would learn alone, to the bit.

#include "core/base/index_range.h"
#include "core/base/spin_barrier.h"
#include "core/kernels/vector_kernels.h"
#include "core/solve/epoch_runner.h"

#include <memory>

namespace zipml {

/// The labels of each of some models that are trained on the same samples.
using LabelSets = std::vector<std::span<const float>>;

/// One of the models that are trained in the same pass, with what is its alone.
struct TrainedModel {
    EpochPlan plan; ///< of all models the same but for mostNorm; no anchor where there are several
    LinearParameters* model;
    TailAverage* average = nullptr; ///< hears of every step; null: nobody does
};

class MinibatchSgd : public EpochRunner {
  public:
    /// Rows [first, first + rows) and, to be fetched meanwhile, those of the next batch.
    struct Batch {
        std::uint32_t index; ///< in the epoch, in the order of visits: keys the draws
        std::size_t first, rows;
        std::size_t nextFirst; ///< or of the one after that; `first` where there is none
    };
    /// Features a chunk of sums.
    static constexpr std::size_t kFeaturesPerChunk = 256;
    /// Whether batches of so many values are one thread's, whatever the team.
    [[nodiscard]] static bool isForOneThread(std::size_t values);
    /// Numbers that arrays have room for, so that loops over them need no special end.
    [[nodiscard]] static std::size_t padded(std::size_t count) { return (count + 15) / 16 * 16; }

    /// Stops and pauses are noticed every few milliseconds. With an anchor the loss is
    /// quadratic and the labels are 0, so that the gradient is that of the difference.
    bool runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                  const std::function<void(double)>& onProgress, TailAverage* average) override;
    /// The same for as many models as there are sets of labels, in their order.
    bool runTogether(std::span<const TrainedModel> models, RunControl& control,
                     const std::function<void(double)>& onProgress);

  protected:
    /// Small batches are left to fewer threads than the team has: a barrier takes longer than the work.
    /// @param labels of each model
    MinibatchSgd(std::size_t features, LabelSets labels, std::size_t batch, const GradientMethod& method,
                 ThreadTeam& team, Isa isa);

    /// All rows that are read until the next call, and those after it; while no thread reads.
    virtual void enter(IndexRange /*now*/, IndexRange /*next*/) {}
    /// Brings the models into the form that the kernels read. Every thread calls it, and may synchronize with the others.
    virtual void send(int thread, const Batch& batch) = 0;
    /// Adds up the batch's gradient estimates, of all models. Every thread calls it.
    virtual void addUp(int thread, const Batch& batch) = 0;
    /// Leaves the sum of a model's gradient estimates at the thread's features in gradient(), and thread 0
    /// that of the intercept in interceptGradient_; unless addUp has done so. Every thread calls it.
    virtual void takeGradient(int /*thread*/, std::size_t /*model*/, const Batch& /*batch*/) {}
    /// weights -= scale * the gradient, at the thread's features, instead of takeGradient.
    virtual void descend(int thread, std::size_t model, const Batch& batch, double scale, double* weights);

    [[nodiscard]] int threads() const { return threads_; }
    void synchronize() { barrier_.wait(); }
    /// A thread's features: whole chunks.
    [[nodiscard]] IndexRange featuresOf(int thread) const;
    [[nodiscard]] std::size_t features() const { return features_; }
    [[nodiscard]] const EpochPlan& plan() const { return models_.front().plan; }
    [[nodiscard]] const GradientMethod& method() const { return method_; }
    [[nodiscard]] std::size_t modelCount() const { return labels_.size(); }
    [[nodiscard]] std::size_t rows() const { return labels_.front().size(); }
    [[nodiscard]] std::span<const float> labels(std::size_t model = 0) const { return labels_[model]; }
    [[nodiscard]] const LinearParameters& model(std::size_t model = 0) const { return *models_[model].model; }
    [[nodiscard]] const VectorKernels& loops() const { return loops_; }
    /// Room for whole vectors: padded(features()).
    [[nodiscard]] double* gradient() { return gradient_.data(); }
    /// The epoch's draws for a purpose.
    [[nodiscard]] RandomStream stream(Purpose purpose, std::uint16_t copy = 0) const {
        return {plan().seed, purpose, plan().epoch, copy};
    }
    /// Subtracts what the corrected estimator knows (docs/method.md#s3-7) from the thread's features.
    /// @param sent the weights that the gradient is taken at
    void correct(IndexRange features, std::size_t rows, const double* sent);

    const Isa isa_;
    double interceptGradient_ = 0;

  private:
    void runBatch(int thread, const Batch& batch);
    void step(int thread, std::size_t model, const Batch& batch);
    void roundGradient(int thread, const Batch& batch);
    void descendBy(int thread, double scale, const double* gradient, double* weights);

    const std::size_t features_;
    const LabelSets labels_;
    const GradientMethod& method_;
    ThreadTeam& team_;
    const int threads_;
    const VectorKernels& loops_;
    SpinBarrier barrier_;
    std::vector<double> gradient_; ///< of a model in the batch, summed over its rows
    std::vector<double> correction_;
    std::span<const TrainedModel> models_; ///< of the epoch
};

} // namespace zipml
