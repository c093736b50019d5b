#pragma once
/// Packed codes in 8-bit integers for batches so small that one thread works on them (packed_sgd.h has the
/// formulas): what lies between the kernels' two passes takes as long as the passes themselves then, and is
/// done in as few loops as can be.
///
/// Unlike larger batches, which are read block by block, a batch is known as a whole before its residuals are
/// rounded, so that their unit is its own. A batch may begin and end inside of a tile; the tile's other rows
/// count with residuals of 0.

#include "core/solve/minibatch_sgd.h"
#include "core/solve/packed/code_reader.h"

#include <algorithm>

namespace zipml {

/// Whether batches are small enough. @param largestCode of a value, all its roundings added up
bool isSmallBatch(std::size_t rows, std::size_t features, double largestCode);

/// Tiles that a batch touches at most.
inline std::size_t mostTilesOfBatch(std::size_t rows, std::size_t batch) {
    const std::size_t size = std::min(rows, batch);
    return size % kTileRows == 0 ? size / kTileRows : (size + kTileRows - 2) / kTileRows + 1;
}

/// As makePackedSgd, for tasks that have small batches (kernel_task.h).
std::unique_ptr<MinibatchSgd> makeSmallBatchSgd(std::unique_ptr<CodeReader> codes,
                                                std::span<const float> labels, std::size_t batch,
                                                const GradientMethod& method, ThreadTeam& team, Isa isa);

} // namespace zipml
