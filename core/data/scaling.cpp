#include "core/data/scaling.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml {

template <>
std::span<const Named<ScalingKind>> namesOf<ScalingKind>() {
    static constexpr Named<ScalingKind> table[] = {
        {ScalingKind::MinMax, "minmax", "Range to [-1, 1]", "Each feature's training range becomes [-1, 1]."},
        {ScalingKind::Unit, "unit", "Range to [0, 1]", "Each feature's training range becomes [0, 1]."},
        {ScalingKind::Standard, "standard", "Unit variance",
         "Each feature gets mean 0 and standard deviation 1."},
        {ScalingKind::MaxAbs, "max-abs", "Largest value to 1",
         "Each feature is divided by its largest absolute value; zeros stay zeros."},
        {ScalingKind::RowUnit, "row-unit", "Rows to unit length",
         "Each row is divided by its Euclidean norm."},
        {ScalingKind::None, "none", "None", "Values are used as they are in the file."},
    };
    return table;
}

namespace {

struct ColumnStatistics {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    double sum = 0;
    double squares = 0; ///< of deviations from `origin`, the column's first value
    double origin = 0;
};

std::vector<ColumnStatistics> statisticsOf(const Dataset& data) {
    std::vector<ColumnStatistics> columns(data.features);
    for (std::size_t r = 0; r < data.rows; ++r) {
        const auto row = data.row(r);
        for (std::size_t f = 0; f < data.features; ++f) {
            auto& column = columns[f];
            const double value = row[f];
            if (r == 0)
                column.origin = value;
            const double deviation = value - column.origin; // so that a large common part does not cancel
            column.low = std::min(column.low, value);
            column.high = std::max(column.high, value);
            column.sum += deviation;
            column.squares += deviation * deviation;
        }
    }
    return columns;
}

} // namespace

Scaling fitScaling(const Dataset& training, ScalingKind kind) {
    Scaling scaling{kind, std::vector<double>(training.features, 0.0),
                    std::vector<double>(training.features, 1.0)};
    if (kind == ScalingKind::None || kind == ScalingKind::RowUnit)
        return scaling;
    const auto columns = statisticsOf(training);
    const auto rows = static_cast<double>(training.rows);
    for (std::size_t f = 0; f < training.features; ++f) {
        const auto& column = columns[f];
        const double range = column.high - column.low;
        const double largest = std::max(std::abs(column.low), std::abs(column.high));
        const double meanDeviation = column.sum / rows;
        const double deviation =
            std::sqrt(std::max(0.0, column.squares / rows - meanDeviation * meanDeviation));
        double& offset = scaling.offset[f];
        double& factor = scaling.factor[f];
        switch (kind) {
        case ScalingKind::MinMax:
            offset = column.low + range / 2;
            factor = range > 0 ? 2 / range : 1;
            break;
        case ScalingKind::Unit:
            offset = column.low;
            factor = range > 0 ? 1 / range : 1;
            break;
        case ScalingKind::Standard:
            offset = range > 0 ? column.origin + meanDeviation : column.low;
            factor = deviation > 0 ? 1 / deviation : 1;
            break;
        case ScalingKind::MaxAbs:
            factor = largest > 0 ? 1 / largest : 1;
            break;
        case ScalingKind::RowUnit:
        case ScalingKind::None:
            break;
        }
    }
    return scaling;
}

void Scaling::apply(std::span<float> row) const {
    if (kind == ScalingKind::RowUnit) {
        double squares = 0;
        for (const float value : row)
            squares += double{value} * value;
        const double scale = squares > 0 ? 1 / std::sqrt(squares) : 1;
        for (float& value : row)
            value = static_cast<float>(value * scale);
        return;
    }
    for (std::size_t f = 0; f < row.size(); ++f)
        row[f] = static_cast<float>((row[f] - offset[f]) * factor[f]);
}

void applyScaling(const Scaling& scaling, Dataset& data) {
    if (scaling.kind == ScalingKind::None)
        return;
    for (std::size_t r = 0; r < data.rows; ++r)
        scaling.apply(data.row(r));
}

} // namespace zipml
