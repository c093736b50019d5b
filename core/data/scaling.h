#pragma once
/// Feature scaling, fitted on the training rows and kept with the model (method.md 2.3, 12.8).

#include "core/data/dataset.h"

namespace zipml {

enum class ScalingKind { MinMax, Unit, Standard, MaxAbs, RowUnit, None };
template <>
std::span<const Named<ScalingKind>> namesOf<ScalingKind>();

/// scaled = (value - offset) * factor by column; RowUnit divides each row by its Euclidean norm instead.
/// A constant column gets factor 1, so that it becomes the constant 0 (Standard, MinMax, Unit) and never NaN.
struct Scaling {
    ScalingKind kind = ScalingKind::None;
    std::vector<double> offset; ///< one a feature, the feature's units
    std::vector<double> factor; ///< one a feature, 1 / the feature's units

    void apply(std::span<float> row) const;
};

Scaling fitScaling(const Dataset& training, ScalingKind kind);
void applyScaling(const Scaling& scaling, Dataset& data);

} // namespace zipml
