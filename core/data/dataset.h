#pragma once
/// A data set in memory: dense, row-major float32, with one label a row.

#include "core/base/names.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace zipml {

enum class Task { Regression, Classification };
template <>
std::span<const Named<Task>> namesOf<Task>();

struct Dataset {
    std::string name; ///< for titles and tables: the file's name or the generator's
    std::size_t rows = 0;
    std::size_t features = 0;
    std::vector<float> values;             ///< rows * features, row-major; finite
    std::vector<float> labels;             ///< one a row, as in the file; finite
    std::vector<std::string> featureNames; ///< `features` names, or empty when the file has none

    [[nodiscard]] std::span<const float> row(std::size_t index) const {
        return {values.data() + index * features, features};
    }
    [[nodiscard]] std::span<float> row(std::size_t index) {
        return {values.data() + index * features, features};
    }
};

/// "x3" when the file names no columns. `feature` counts from 0, the name from 1.
std::string featureName(const Dataset& data, std::size_t feature);

} // namespace zipml
