#include "core/data/label_scaling.h"

#include <algorithm>
#include <cmath>

namespace zipml {

template <>
std::span<const Named<LabelScalingKind>> namesOf<LabelScalingKind>() {
    static constexpr Named<LabelScalingKind> table[] = {
        {LabelScalingKind::None, "none", "As in the file", "Labels are used as they are in the file."},
        {LabelScalingKind::Unit, "unit", "Range to [0, 1]", "The training labels' range becomes [0, 1]."},
        {LabelScalingKind::Symmetric, "symmetric", "Range to [-1, 1]",
         "The training labels' range becomes [-1, 1]."},
        {LabelScalingKind::Standard, "standard", "Unit variance",
         "The training labels get mean 0 and standard deviation 1."},
    };
    return table;
}

void LabelScaling::apply(std::span<float> labels) const {
    if (kind == LabelScalingKind::None)
        return;
    for (float& label : labels)
        label = static_cast<float>((label - offset) * factor);
}

LabelScaling fitLabelScaling(std::span<const float> labels, LabelScalingKind kind) {
    if (kind == LabelScalingKind::None)
        return {};
    const auto [least, greatest] = std::ranges::minmax(labels);
    const double low = least;
    const double range = double{greatest} - low;
    if (kind == LabelScalingKind::Unit)
        return {kind, low, 1 / range};
    if (kind == LabelScalingKind::Symmetric)
        return {kind, low + range / 2, 2 / range};
    double sum = 0;
    double squares = 0;
    for (const float label : labels) { // deviations from the least: a large common part does not cancel
        sum += label - low;
        squares += (label - low) * (label - low);
    }
    const auto count = static_cast<double>(labels.size());
    const double mean = sum / count;
    return {kind, low + mean, 1 / std::sqrt(squares / count - mean * mean)};
}

} // namespace zipml
