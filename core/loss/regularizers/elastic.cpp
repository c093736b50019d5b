#include "core/loss/regularizers/rows.h"
#include "core/loss/regularizers/shrinking.h"

namespace zipml {
namespace {

bool read(std::span<const double> numbers, Regularizer& into) {
    if (numbers.size() != 2 || !(numbers[0] >= 0) || !(numbers[1] >= 0))
        return false;
    into.l1 = numbers[0];
    into.l2 = numbers[1];
    return true;
}

std::vector<double> numbers(const Regularizer& own) {
    return {own.l1, own.l2};
}

} // namespace

constinit const RegularizerRow kElastic{
    .name = "elastic",
    .title = "Elastic net",
    .summary = "Adds lambda1 * sum |x_i| + lambda2 / 2 * |x|^2.",
    .form = "elastic:LAMBDA1,LAMBDA2 with numbers of at least 0, such as elastic:0.1,0.1",
    .numbersAre = "λ1,λ2",
    .usual = "0.1,0.1",
    .read = read,
    .numbers = numbers,
    .value = penalty,
    .proximal = shrinkWeights,
    .known = true,
    .onDevices = true,
};

} // namespace zipml
