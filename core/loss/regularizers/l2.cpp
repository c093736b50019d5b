#include "core/loss/regularizers/rows.h"
#include "core/loss/regularizers/shrinking.h"

namespace zipml {
namespace {

bool read(std::span<const double> numbers, Regularizer& into) {
    if (numbers.size() != 1 || !(numbers[0] >= 0))
        return false;
    into.l2 = numbers[0];
    return true;
}

std::vector<double> numbers(const Regularizer& own) {
    return {own.l2};
}

} // namespace

constinit const RegularizerRow kL2{
    .name = "l2",
    .title = "Ridge (l2)",
    .summary = "Adds lambda / 2 * |x|^2: shrinks all weights.",
    .form = "l2:LAMBDA with a number of at least 0, such as l2:0.1",
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
