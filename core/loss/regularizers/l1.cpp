#include "core/loss/regularizers/rows.h"
#include "core/loss/regularizers/shrinking.h"

namespace zipml {
namespace {

bool read(std::span<const double> numbers, Regularizer& into) {
    if (numbers.size() != 1 || !(numbers[0] >= 0))
        return false;
    into.l1 = numbers[0];
    return true;
}

std::vector<double> numbers(const Regularizer& own) {
    return {own.l1};
}

} // namespace

constinit const RegularizerRow kL1{
    .name = "l1",
    .title = "Lasso (l1)",
    .summary = "Adds lambda * sum |x_i|: sets weights to exactly 0.",
    .form = "l1:LAMBDA with a number of at least 0, such as l1:0.1",
    .numbersAre = "λ",
    .usual = "0.1",
    .read = read,
    .numbers = numbers,
    .value = penalty,
    .proximal = shrinkWeights,
    .known = true,
    .onDevices = true,
};

} // namespace zipml
