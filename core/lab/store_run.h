#pragma once
/// A run on a packed store in a file (*.zq), window by window: the store may be larger than memory. The step,
/// the notes and the test for divergence are those of a run in memory; the training loss is estimated
/// (core/loss/sampled_loss.h) where the store does not keep all rows unrounded, and the record says so.

#include "core/lab/run.h"

namespace zipml {

/// Codes that are mapped at a time, if a batch is not larger.
constexpr std::size_t kWindowBytes = 64U << 20U;

/// Whether a data source is a store, by its name.
bool isStore(const std::string& source);

/// The settings that a store was made with: the defaults of a run on it. @throws InputError.
RunSpec specOfStore(const std::filesystem::path& file);

/// As runExperiment. @throws InputError where a setting contradicts the store.
/// @param windowBytes changes the order in which an epoch visits the batches, and memory
RunRecord runFromStore(const RunSpec& spec, RunObserver& observer, RunControl& control,
                       std::size_t windowBytes = kWindowBytes);

} // namespace zipml
