#include "core/model/export/folded_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

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
                       model.parameters.intercept,
                       model.schema != nullptr && !model.schema->offsets.empty()};
    for (std::size_t f = 0; f < folded.features(); ++f) {
        const auto centre = static_cast<float>(scaling.offset[f] + middle / scaling.factor[f]);
        folded.centre.push_back(centre);
        folded.constant += folded.weight[f] * (centre - scaling.offset[f]) * scaling.factor[f];
    }
    return folded;
}

std::string classList(const LinearModel& model) {
    std::string text;
    for (std::size_t c = 0; c < model.classNames.size(); ++c) {
        char label[32];
        std::snprintf(label, sizeof label, "%s%g ", c == 0 ? "" : ", ", model.classLabels[c]);
        text += label + model.classNames[c];
    }
    return text;
}

bool wholeLabels(const LinearModel& model) {
    constexpr double kExact = 9007199254740992.0; // 2^53
    return std::ranges::all_of(model.classLabels, [](double label) {
        return label == std::nearbyint(label) && std::abs(label) <= kExact;
    });
}

} // namespace zipml::exported
