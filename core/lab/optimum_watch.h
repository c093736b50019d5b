#pragma once
/// The run's models held against its exact optimum: none can be better, or what is called exact is not.

#include "core/lab/prepare.h"
#include "core/lab/run_record.h"

namespace zipml {

/// Looks closer only where the epoch's loss, which a device may have summed in float, is too low: evaluates
/// the model anew, in double, moved into the constraint that rounding may have left.
/// @param data with an optimum @param epoch the state that `model` was measured in
/// @return empty; or, where the objective is below the optimum's by more than its certificate, an error that
/// names both
std::string belowOptimum(const PreparedData& data, const Loss& loss, const Regularizer& regularizer,
                         const LinearParameters& model, const EpochRecord& epoch, ThreadTeam& team,
                         const Job& job);

} // namespace zipml
