#include "core/advise/step_noise.h"

#include <algorithm>
#include <cmath>

namespace zipml {

EpochWeights epochWeights(double step, double curvature, std::size_t steps) {
    const auto count = static_cast<double>(steps);
    const double pull = step * curvature;
    if (std::abs(pull) * count < 1e-9)
        return {1 - pull * count, count, count};
    const double rate = 1 - pull;
    const double decay = std::pow(rate, count);
    const double squared = pull * (2 - pull); // 1 - rate^2
    return {decay, (1 - decay) / pull, squared == 0 ? count : (1 - decay * decay) / squared};
}

double epochVariance(double before, const EpochWeights& weights, double step, double dealt, double fresh,
                     std::size_t steps) {
    const auto count = static_cast<double>(steps);
    const double left =
        steps < 2 ? 0.0
                  : count / (count - 1) * std::max(0.0, weights.squares - weights.sum * weights.sum / count);
    return weights.decay * weights.decay * before + step * step * (dealt * left + fresh * weights.squares);
}

} // namespace zipml
