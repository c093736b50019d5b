#pragma once
/// A run's states beside its exact optimum, which may be found long after they were measured: how far they are
/// from it, and that none is better, or what is called exact is not.

#include "core/lab/prepare.h"
#include "core/lab/run_record.h"

#include <utility>

namespace zipml {

/// Looks closer only where the epoch's loss, which a device may have summed in float, is too low: evaluates
/// the model anew, in double, moved into the constraint that rounding may have left.
/// @param epoch the state that `model` was measured in
/// @return empty; or, where the objective is below the optimum's by more than its certificate, an error that
/// names both
std::string belowOptimum(const Dataset& train, const Optimum& optimum, const Loss& loss,
                         const Regularizer& regularizer, const LinearParameters& model,
                         const EpochRecord& epoch, ThreadTeam& team, const Job& job);

/// |x - x*| / |x*|, or |x| where x* is 0.
double distanceTo(const Optimum& optimum, const LinearParameters& model);

/// What a run's record has of the optimum is the same whenever it is found: until then the models of its states
/// are kept, of at most `kMostKept` bytes; a run that has more to keep waits.
class OptimumWatch {
  public:
    static constexpr std::size_t kMostKept = 64UL << 20U;

    /// The references outlive this.
    OptimumWatch(const PreparedData& data, const Regularizer& regularizer, const Loss& loss, ThreadTeam& team,
                 const Job& job)
        : data_(data), regularizer_(regularizer), loss_(loss), team_(team), job_(job),
          wish_(*data.search, team.threads()) {}

    /// A state of the record, or, within an epoch, one that passes: with its distance once that is known.
    void measured(const LinearParameters& model, EpochRecord& state);
    /// Fills in the setup and the states that were measured so far, once the optimum is known.
    /// @param wait until it is. @return whether this call was the one that found it known. @throws Cancelled
    bool follow(RunRecord& record, bool wait);
    /// What shows that a state is better than the optimum, which is then wrong; empty: nothing does.
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

  private:
    [[nodiscard]] bool full() const;
    void look(const LinearParameters& model, EpochRecord& state);

    const PreparedData& data_;
    const Regularizer& regularizer_;
    const Loss loss_;
    ThreadTeam& team_;
    const Job& job_;
    OptimumSearch::Wish wish_;
    const FoundOptimum* found_ = nullptr;                ///< null: the record has nothing of it yet
    std::vector<std::pair<int, LinearParameters>> kept_; ///< epochs and their models
    std::string wrong_;
};

} // namespace zipml
