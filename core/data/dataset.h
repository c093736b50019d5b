#pragma once
/// A data set in memory: dense, row-major float32, with one label a row.

#include "core/base/names.h"
#include "core/data/schema.h"

#include <cstddef>
#include <memory>
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
    std::vector<float> values;                 ///< rows * features, row-major; finite, or NaN where missing
    std::vector<float> labels;                 ///< one a row, less the schema's label offset; finite
    std::vector<std::string> featureNames;     ///< `features` names, or empty when the file has none
    std::vector<double> exactLabels = {};      ///< of a file: as `labels`, before they became floats
    std::vector<float> weights = {};           ///< one a row, or empty: all 1
    std::shared_ptr<const Schema> schema = {}; ///< of a file's columns; null for generated data

    [[nodiscard]] std::span<const float> row(std::size_t index) const {
        return {values.data() + index * features, features};
    }
    [[nodiscard]] std::span<float> row(std::size_t index) {
        return {values.data() + index * features, features};
    }
    /// What was subtracted from a feature's values, and from the labels, before they became floats.
    [[nodiscard]] double offset(std::size_t feature) const {
        return schema == nullptr || feature >= schema->offsets.size() ? 0 : schema->offsets[feature];
    }
    [[nodiscard]] double labelOffset() const { return schema == nullptr ? 0 : schema->labelOffset; }
};

/// "x3" when the file names no columns. `feature` counts from 0, the name from 1.
std::string featureName(const Dataset& data, std::size_t feature);

} // namespace zipml
