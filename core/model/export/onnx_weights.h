#pragma once
/// Weights in ONNX as numbers of levels, and from them the weights themselves: for this folder's and the
/// networks' writers. All of these were run with the same result by ONNX Runtime (with and without its
/// optimizations) and by onnx's reference evaluator.

#include "core/model/export/onnx_graph.h"

#include <cstdint>
#include <string>
#include <vector>

namespace zipml::exported {

/// That two numbers in a byte tell apart.
inline constexpr std::size_t kMostPackedLevels = 16;

/// The number of a level for each weight, row-major, in equal parts one after the other: each part has levels
/// of its own, or all share one.
struct LevelNumbers {
    std::string name; ///< of the weights; what else the graph needs is named behind it
    std::vector<std::uint8_t> numbers;
    std::vector<std::int64_t> shape; ///< its first extent is a multiple of the parts
    bool packed = false;             ///< two of up to 15 in a byte (UINT4), else a byte each
};

/// weight = scale * (number - zero), by DequantizeLinear. @param scales one a part @return the weights' name
std::string addEqualSteps(GraphBuilder& graph, const LevelNumbers& weights, const std::vector<float>& scales,
                          std::uint8_t zero);
/// weight = level[number], by a look-up. @param levels one table a part @return the weights' name
std::string addLookUp(GraphBuilder& graph, const LevelNumbers& weights,
                      const std::vector<std::vector<float>>& levels);

} // namespace zipml::exported
