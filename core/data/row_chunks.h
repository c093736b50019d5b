#pragma once
/// How passes over all rows are cut into chunks for a ThreadTeam, by shape alone.

#include <algorithm>
#include <cstddef>

namespace zipml {

/// Rows whose values take about half a megabyte: a handing-over costs nothing beside them, and a job stops in
/// time. A multiple of 16, so that chunks end where tiles do.
constexpr std::size_t rowsPerChunk(std::size_t features) {
    constexpr std::size_t kValues = std::size_t{1} << 17;
    return std::max<std::size_t>(kValues / std::max<std::size_t>(features, 1) / 16, 1) * 16;
}

/// The same for passes that keep numbers a feature for each chunk: few enough of them to be small beside the
/// data.
constexpr std::size_t rowsPerSum(std::size_t features) {
    return std::max<std::size_t>(rowsPerChunk(features), 1024);
}

} // namespace zipml
