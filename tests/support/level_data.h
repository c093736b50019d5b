#pragma once
/// One-dimensional data of the shapes that placement of levels is tested on.

#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace zipml::test {

inline const std::vector<std::string>& levelDataShapes() {
    static const std::vector<std::string> shapes{"normal",  "uniform",      "exponential",
                                                 "bimodal", "heavy-tailed", "integers"};
    return shapes;
}

/// `count` values, ascending.
inline std::vector<float> levelData(const std::string& shape, std::size_t count, std::uint64_t seed) {
    const RandomStream stream(seed, Purpose::Synthetic, 55);
    std::vector<float> values;
    values.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const double u = stream.uniform(i, 0);
        const auto normals = stream.normals(i, 1);
        const double value = shape == "uniform"        ? u
                             : shape == "exponential"  ? -std::log(1 - u)
                             : shape == "bimodal"      ? (u < 0.5 ? normals[0] - 4 : 0.3 * normals[0] + 4)
                             : shape == "heavy-tailed" ? normals[0] / std::sqrt(std::abs(normals[1]) + 1e-3)
                             : shape == "integers"     ? std::round(20 * normals[0])
                                                       : normals[0];
        values.push_back(static_cast<float>(value));
    }
    std::ranges::sort(values);
    return values;
}

} // namespace zipml::test
