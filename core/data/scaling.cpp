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

void ScalingFit::add(std::span<const float> values, std::size_t rows, std::size_t features) {
    const double first = rows_ == 0 ? std::numeric_limits<double>::infinity() : 0.0;
    low_.resize(features, first);
    high_.resize(features, -first);
    for (auto* each : {&origin_, &sum_, &squares_})
        each->resize(features, 0.0);
    for (std::size_t r = 0; r < rows; ++r, ++rows_) {
        const auto row = values.subspan(r * features, features);
        if (rows_ == 0)
            origin_.assign(row.begin(), row.end());
        for (std::size_t f = 0; f < features; ++f) {
            const double value = row[f];
            const double deviation = value - origin_[f];
            low_[f] = std::min(low_[f], value);
            high_[f] = std::max(high_[f], value);
            sum_[f] += deviation;
            squares_[f] += deviation * deviation;
        }
    }
}

Scaling ScalingFit::fit(ScalingKind kind, std::span<const double> offsets) const {
    const std::size_t features = low_.size();
    Scaling scaling{kind, std::vector<double>(features, 0.0), std::vector<double>(features, 1.0)};
    if (kind == ScalingKind::None || kind == ScalingKind::RowUnit)
        return scaling;
    const auto rows = static_cast<double>(rows_);
    for (std::size_t f = 0; f < features; ++f) {
        const double range = high_[f] - low_[f];
        const double common = f < offsets.size() ? offsets[f] : 0;
        const double largest = std::max(std::abs(low_[f] + common), std::abs(high_[f] + common));
        const double meanDeviation = sum_[f] / rows;
        const double deviation = std::sqrt(std::max(0.0, squares_[f] / rows - meanDeviation * meanDeviation));
        double& offset = scaling.offset[f];
        double& factor = scaling.factor[f];
        switch (kind) {
        case ScalingKind::MinMax:
            offset = low_[f] + range / 2;
            factor = range > 0 ? 2 / range : 1;
            break;
        case ScalingKind::Unit:
            offset = low_[f];
            factor = range > 0 ? 1 / range : 1;
            break;
        case ScalingKind::Standard:
            offset = range > 0 ? origin_[f] + meanDeviation : low_[f];
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

Scaling fitScaling(const Dataset& training, ScalingKind kind) {
    ScalingFit fit;
    fit.add(training.values, training.rows, training.features);
    return fit.fit(kind, training.schema == nullptr ? std::span<const double>() : training.schema->offsets);
}

Scaling forRawValues(Scaling scaling, const Dataset& data) {
    for (std::size_t f = 0; f < scaling.offset.size(); ++f)
        scaling.offset[f] += data.offset(f);
    return scaling;
}

bool allowsOffsets(ScalingKind kind, bool intercept) {
    switch (kind) {
    case ScalingKind::MinMax:
    case ScalingKind::Unit:
    case ScalingKind::Standard:
        return true;
    case ScalingKind::MaxAbs:
    case ScalingKind::None:
        return intercept;
    case ScalingKind::RowUnit:
        break;
    }
    return false;
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
