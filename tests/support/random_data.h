#pragma once
/// Small random data sets for property tests.

#include "core/base/random.h"
#include "core/data/dataset.h"
#include "core/quant/build_grids.h"

namespace zipml::test {

/// Normal features and labels.
inline Dataset randomData(std::size_t rows, std::size_t features, std::uint64_t seed) {
    const RandomStream stream(seed, Purpose::Synthetic, 77);
    Dataset data;
    data.name = "random";
    data.rows = rows;
    data.features = features;
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t f = 0; f < features; ++f)
            data.values.push_back(static_cast<float>(
                stream.normals(static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(f / 4))[f % 4]));
        data.labels.push_back(
            static_cast<float>(stream.normals(static_cast<std::uint32_t>(r), 1'000'000)[0]));
    }
    return data;
}

/// Uniform grids of 2^bits levels a feature.
inline std::vector<Grid> uniformGrids(const Dataset& data, int bits) {
    ThreadTeam team(1);
    return buildGrids(data, {}, bits, false, team);
}

} // namespace zipml::test
