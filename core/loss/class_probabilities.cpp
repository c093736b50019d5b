#include "core/loss/class_probabilities.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// log(1 / (1 + exp(-score))), without overflow.
double logOfSigmoid(double score) {
    return std::min(score, 0.0) - std::log1p(std::exp(-std::abs(score)));
}

double sigmoid(double score) {
    return 1 / (1 + std::exp(-score));
}

} // namespace

std::optional<LossKind> trainedLoss(const LinearModel& model) {
    const auto found = model.spec.is_object() ? model.spec.find("loss") : model.spec.end();
    if (found == model.spec.end() || !found->is_string())
        return std::nullopt;
    for (const auto& named : namesOf<LossKind>())
        if (named.name == found->get_ref<const std::string&>())
            return named.value;
    return std::nullopt;
}

std::vector<double> probabilitiesOf(const LinearModel& model, std::span<const double> scores) {
    const auto loss = trainedLoss(model);
    if (model.task != Task::Classification || !loss || !hasLogOdds(*loss))
        return {};
    std::vector<double> probabilities;
    if (model.perClass.empty()) {
        for (const double score : scores)
            probabilities.insert(probabilities.end(), {sigmoid(-score), sigmoid(score)});
        return probabilities;
    }
    const std::size_t classes = model.perClass.size();
    for (std::size_t first = 0; first < scores.size(); first += classes) {
        std::vector<double> logs(classes);
        std::ranges::transform(scores.subspan(first, classes), logs.begin(), logOfSigmoid);
        const double most = *std::ranges::max_element(logs); // where all odds underflow one still counts
        double sum = 0;
        for (double& value : logs)
            sum += value = std::exp(value - most);
        for (const double value : logs)
            probabilities.push_back(value / sum);
    }
    return probabilities;
}

} // namespace zipml
