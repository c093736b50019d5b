#pragma once
/// Small batches in 8-bit integers (small_batch_sgd.h) for several models at once, those of one class against
/// the rest: what does not depend on the model, the codes, their coins and the draws, is read, unpacked and
/// drawn once for all of them. Each model learns what it would learn alone, to the bit.

#include "core/quant/sample_store.h"
#include "core/solve/minibatch_sgd.h"
#include "core/solve/packed/kernel_task.h"

namespace zipml {

/// Whether it runs a task: a batch is small, and the sum of a value's roundings fits a byte.
bool runsClassBatches(const KernelTask& task);

/// @param store, labels, method and team outlive the result
std::unique_ptr<MinibatchSgd> makeClassBatchSgd(const SampleStore& store, LabelSets labels, std::size_t batch,
                                                const GradientMethod& method, ThreadTeam& team,
                                                Isa isa = activeIsa());

} // namespace zipml
