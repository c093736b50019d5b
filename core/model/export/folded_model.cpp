#include "core/model/export/folded_model.h"

#include "core/loss/class_probabilities.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace zipml::exported {

bool FoldedModel::centred() const {
    return std::ranges::any_of(centre, [](double value) { return value != 0; });
}

bool FoldedModel::hasProbabilities() const {
    return loss && hasLogOdds(*loss);
}

FoldedModel fold(const LinearModel& model, double middle) {
    const auto& scaling = model.scaling;
    const auto parts = model.perClass.empty() ? std::span(&model.parameters, 1) : std::span(model.perClass);
    const std::size_t features = scaling.offset.size();
    FoldedModel folded;
    folded.unitRows = scaling.kind == ScalingKind::RowUnit;
    folded.wide = model.schema != nullptr && !model.schema->offsets.empty();
    folded.factor = scaling.factor;
    folded.weight.resize(static_cast<Eigen::Index>(parts.size()), static_cast<Eigen::Index>(features));
    for (std::size_t f = 0; f < features; ++f)
        folded.centre.push_back(scaling.offset[f] + (middle == 0 ? 0 : middle / scaling.factor[f]));
    for (const LinearParameters& one : parts) {
        folded.weight.row(static_cast<Eigen::Index>(folded.scores())) = one.weights.transpose();
        folded.constant.push_back(one.intercept + middle * one.weights.sum());
    }
    folded.task = model.task;
    folded.classLabels = model.classLabels;
    folded.classNames = model.classNames;
    folded.loss = trainedLoss(model);
    return folded;
}

void roundCentres(FoldedModel& model) {
    for (std::size_t f = 0; f < model.features(); ++f) {
        const double centre = static_cast<float>(model.centre[f]);
        const double moved = (centre - model.centre[f]) * model.factor[f];
        for (std::size_t k = 0; k < model.scores(); ++k)
            model.constant[k] += model.weightsOf(k)[f] * moved;
        model.centre[f] = centre;
    }
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

bool wholeLabels(const std::vector<double>& labels) {
    constexpr double kExact = 9007199254740992.0; // 2^53
    return std::ranges::all_of(
        labels, [](double label) { return label == std::nearbyint(label) && std::abs(label) <= kExact; });
}

} // namespace zipml::exported
