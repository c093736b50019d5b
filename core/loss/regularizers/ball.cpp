#include "core/loss/regularizers/rows.h"

namespace zipml {
namespace {

bool read(std::span<const double> numbers, Regularizer& into) {
    if (numbers.size() != 1 || !(numbers[0] > 0))
        return false;
    into.radius = numbers[0];
    return true;
}

std::vector<double> numbers(const Regularizer& own) {
    return {own.radius};
}

void project(const Regularizer& own, Eigen::VectorXd& weights, double /*step*/) {
    if (const double norm = weights.norm(); norm > own.radius)
        weights *= own.radius / norm;
}

} // namespace

constinit const RegularizerRow kBall{
    .name = "ball",
    .title = "Ball",
    .summary = "Keeps the weights' Euclidean norm at most R.",
    .form = "ball:R with a radius above 0, such as ball:5",
    .numbersAre = "R",
    .usual = "1",
    .read = read,
    .numbers = numbers,
    .proximal = project,
    .constraint = true,
    .known = true,
    .onDevices = true,
};

} // namespace zipml
