// A new regularizer as CONTRIBUTING.md adds one.

#include "core/loss/regularizer.h"

namespace zipml {
namespace {

bool read(std::span<const double> numbers, Regularizer& into) {
    if (numbers.size() != 1)
        return false;
    into.own[0] = numbers[0];
    return true;
}

std::vector<double> numbers(const Regularizer& own) {
    return {own.own[0]};
}

/// The nearest weights whose sum is own[0].
void project(const Regularizer& own, Eigen::VectorXd& weights, double /*step*/) {
    weights.array() += (own.own[0] - weights.sum()) / static_cast<double>(weights.size());
}

constexpr RegularizerRow kToy{
    .name = "toy-sum",
    .title = "Toy: sum",
    .summary = "Keeps the weights' sum at S.",
    .form = "toy-sum:S with a number, such as toy-sum:1",
    .numbersAre = "S",
    .usual = "1",
    .read = read,
    .numbers = numbers,
    .proximal = project,
    .constraint = true,
};

const RegularizerKind kAdded = addRegularizer(kToy);

} // namespace
} // namespace zipml
