#pragma once
/// How passes over all rows are cut, by shape alone: into chunks for a ThreadTeam, and within them into
/// strips.

#include "core/kernels/prefetch.h"

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

/// Rows that are gone through strip by strip.
constexpr std::size_t kStripRows = 16;

/// Neighbouring features of kStripRows rows: few enough that numbers kept for each of them stay in the
/// first-level cache from row to row. All strips but the last have kFeatures.
struct Strip {
    static constexpr std::size_t kFeatures = 256;

    std::size_t first, count; ///< features
    bool last;                ///< of the rows
    std::size_t ahead;        ///< floats from a value to the one that is read a strip later

    Strip(std::size_t begin, std::size_t features)
        : first(begin), count(std::min(kFeatures, features - first)), last(first + count == features),
          ahead(last ? kStripRows * features - first : kFeatures) {}

    /// Fetches what is read a strip later. @param values a row's first one in this strip
    void fetchNext(const float* values) const {
        for (std::size_t f = 0; f < count; f += 64 / sizeof(float))
            fetchAhead(values + f, ahead * sizeof(float));
    }
};

} // namespace zipml
