#pragma once
/// Scaling of a regression's labels, fitted on the training rows.

#include "core/base/names.h"

#include <span>

namespace zipml {

enum class LabelScalingKind { None, Unit, Symmetric, Standard };
template <>
std::span<const Named<LabelScalingKind>> namesOf<LabelScalingKind>();

/// scaled = (label - offset) * factor
struct LabelScaling {
    LabelScalingKind kind = LabelScalingKind::None;
    double offset = 0; ///< the label's units
    double factor = 1; ///< 1 / the label's units

    void apply(std::span<float> labels) const;
};

/// Unit: the labels' range becomes [0, 1]; Symmetric: [-1, 1]; Standard: mean 0 and standard deviation 1.
/// @param labels not all equal
LabelScaling fitLabelScaling(std::span<const float> labels, LabelScalingKind kind);

} // namespace zipml
