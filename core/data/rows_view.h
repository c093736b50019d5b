#pragma once
/// A view of rows and their labels, wherever they lie: in a data set, or in memory of the caller's.

#include "core/data/dataset.h"

namespace zipml {

struct RowsView {
    const float* values = nullptr; ///< rows * features, row-major
    std::size_t rows = 0;
    std::size_t features = 0;
    std::span<const float> labels; ///< one a row

    RowsView(const float* first, std::size_t count, std::size_t width, std::span<const float> ofRows)
        : values(first), rows(count), features(width), labels(ofRows) {}
    /// Whatever takes a view takes a data set, which must outlive it.
    RowsView(const Dataset& data) // NOLINT(google-explicit-constructor)
        : RowsView(data.values.data(), data.rows, data.features, data.labels) {}

    [[nodiscard]] std::span<const float> row(std::size_t index) const {
        return {values + index * features, features};
    }
};

} // namespace zipml
