#pragma once
/// What the losses of the margin b a.x share.

#include "core/loss/loss_row.h"

namespace zipml {

/// scores[i] = weight * of(margin) * label, with the loop inside so that the loss is chosen once.
template <class Of>
void forEachMargin(const ClassWeights& weights, std::span<const float> labels, std::span<float> scores,
                   Of&& of) {
    const auto positive = static_cast<float>(weights.positive);
    const auto negative = static_cast<float>(weights.negative);
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const float label = labels[i];
        scores[i] = (label > 0 ? positive : negative) * of(label * scores[i]) * label;
    }
}

} // namespace zipml
