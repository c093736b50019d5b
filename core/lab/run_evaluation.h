#pragma once
/// Losses and accuracies of a run's models at the end of an epoch, on the unquantized rows.

#include "core/lab/model_training.h"

namespace zipml {

/// One model, on the device that trains it.
void evaluateOne(const PreparedData& data, const RunSamples& samples, const LinearParameters& model,
                 ThreadTeam& team, const Job& job, EpochRecord& result);

/// One model a class. @return of the test rows, or of the training rows where there are none
Confusion evaluateClasses(const PreparedData& data, const Loss& loss, std::span<const ModelTraining> models,
                          ThreadTeam& team, const Job& job, EpochRecord& result);

} // namespace zipml
