#pragma once
/// Minibatch SGD on copies that are decoded block by block in the cache: for what the two passes of
/// packed_sgd.h do not know, three and more copies, more than 8 bits, levels that are not uniform, products
/// of copies, refetching. An estimator says in its ScoreRule how scores at the copies become factors.
///
/// A block of tiles becomes planes of bytes (copy_decoder.h). The kernels of 8-bit codes multiply them by the
/// model, and then by the factors, each as three 8-bit digits (core/kernels/column_kernels.h): sums are exact
/// integers, the same on every instruction set and number of threads, of numbers that are as fine as
/// float32's. Several models share what does not depend on them: decoding, and every load of a plane.
///
/// Refetching decides by the scores at copy 0 (docs/method.md#s7-3): how far they are at most from those of
/// the sample depends, on uniform levels, on the model alone. Rows that this does not decide are read as they
/// are, in double.

#include "core/data/dataset.h"
#include "core/solve/minibatch_sgd.h"
#include "core/solve/packed/copy_decoder.h"

#include <string>

namespace zipml {

/// Why copies are not decoded for this method, in words that fit behind "because"; empty where they are.
std::string whyNotDecoded(std::span<const Grid> grids, const GradientMethod& method);

/// "decoded copies, fixed point, avx512"
std::string decodedKernels(Isa isa);

/// @param data that is refetched; store, labels, method and team outlive the result, too. @param batch rows,
/// as in the plans that it will run
std::shared_ptr<MinibatchSgd> makeDecodedSgd(const Dataset& data, const SampleStore& store, LabelSets labels,
                                             std::size_t batch, const GradientMethod& method,
                                             ThreadTeam& team, Isa isa = activeIsa());

} // namespace zipml
