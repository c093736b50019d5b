#include "core/model/export/folded_model.h"

#include <algorithm>
#include <cmath>

namespace zipml::exported {

bool FoldedModel::centred() const {
    return std::ranges::any_of(centre, [](float value) { return value != 0; });
}

FoldedModel fold(const LinearModel& model, double middle) {
    const auto& scaling = model.scaling;
    const auto& weights = model.parameters.weights;
    FoldedModel folded{scaling.kind == ScalingKind::RowUnit,
                       {},
                       scaling.factor,
                       {weights.begin(), weights.end()},
                       model.parameters.intercept};
    for (std::size_t f = 0; f < folded.features(); ++f) {
        const auto centre = static_cast<float>(scaling.offset[f] + middle / scaling.factor[f]);
        folded.centre.push_back(centre);
        folded.constant += folded.weight[f] * (centre - scaling.offset[f]) * scaling.factor[f];
    }
    return folded;
}

bool wholeLabels(const LinearModel& model) {
    constexpr double kExact = 9007199254740992.0; // 2^53
    return std::ranges::all_of(model.classLabels, [](double label) {
        return label == std::nearbyint(label) && std::abs(label) <= kExact;
    });
}

} // namespace zipml::exported
