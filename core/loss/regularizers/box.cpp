#include "core/loss/regularizers/rows.h"

namespace zipml {
namespace {

bool read(std::span<const double> numbers, Regularizer& into) {
    if (numbers.size() != 2 || !(numbers[0] <= numbers[1]))
        return false;
    into.low = numbers[0];
    into.high = numbers[1];
    return true;
}

std::vector<double> numbers(const Regularizer& own) {
    return {own.low, own.high};
}

void project(const Regularizer& own, Eigen::VectorXd& weights, double /*step*/) {
    weights = weights.cwiseMax(own.low).cwiseMin(own.high);
}

} // namespace

constinit const RegularizerRow kBox{
    .name = "box",
    .title = "Box",
    .summary = "Keeps every weight between lo and hi.",
    .form = "box:LO,HI with LO at most HI, such as box:-1,1",
    .numbersAre = "lo,hi",
    .usual = "-1,1",
    .read = read,
    .numbers = numbers,
    .proximal = project,
    .constraint = true,
    .known = true,
    .onDevices = true,
};

} // namespace zipml
