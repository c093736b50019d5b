#pragma once
/// The loss of a model on packed codes, window by window; about as fast as an epoch of integer arithmetic.
///
/// The model goes into the kernels as three 8-bit digits a weight (22 bits), so that sums are exact integers
/// on every instruction set and levels that are not uniform have kernels, too.

#include "core/base/job.h"
#include "core/loss/evaluate.h"
#include "core/solve/packed/code_reader.h"

namespace zipml {

/// Mean loss at the scores m.x over all rows, m the mean of a value's copies, and the share of signs that are
/// right.
/// @param codes of a packed store, as whyNotPacked allows. @param windowTiles to be entered at a time
Evaluation evaluatePacked(CodeReader& codes, std::span<const float> labels, const Loss& loss,
                          const LinearParameters& model, std::size_t windowTiles, ThreadTeam& team, Isa isa,
                          const Job& job = {});

} // namespace zipml
