#pragma once
/// Probabilities of classes, from scores that are log odds: those of a model of logistic loss
/// (docs/method.md#s7-5).

#include "core/loss/loss_kind.h"
#include "core/model/linear_model.h"

#include <optional>
#include <span>
#include <vector>

namespace zipml {

/// Whether a loss is the negative log likelihood of labels whose log odds are the score.
constexpr bool hasLogOdds(LossKind loss) {
    return loss == LossKind::Logistic;
}

/// The loss that a model was trained with, as its spec says; empty where it says none that is known.
std::optional<LossKind> trainedLoss(const LinearModel& model);

/// For each row of scores, as predict makes them, the probability of each class, in the order of the model's
/// class labels; a row's sum is 1. Empty where the scores are no log odds.
std::vector<double> probabilitiesOf(const LinearModel& model, std::span<const double> scores);

} // namespace zipml
