#include "core/quant/vector_quantizer.h"

#include <algorithm>
#include <cmath>

namespace zipml {

template <>
std::span<const Named<VectorScale>> namesOf<VectorScale>() {
    static constexpr Named<VectorScale> table[] = {
        {VectorScale::Norm, "norm", "Norm", "Levels reach to the vector's Euclidean norm, as in QSGD."},
        {VectorScale::Largest, "max", "Largest element",
         "Levels reach to the vector's largest absolute value: finer steps for the same bits."},
    };
    return table;
}

namespace {

double scaleOf(const Eigen::VectorXd& vector, VectorScale scale) {
    if (vector.size() == 0)
        return 0;
    return scale == VectorScale::Norm ? vector.norm() : vector.lpNorm<Eigen::Infinity>();
}

double stepsOf(int bits) {
    return std::exp2(bits - 1) - 1;
}

} // namespace

void VectorQuantizer::round(Eigen::VectorXd& vector, const RandomStream& stream, std::uint32_t send) const {
    if (!on())
        return;
    const double largest = range > 0 ? range : scaleOf(vector, scale);
    if (!(largest > 0) || !std::isfinite(largest))
        return; // all zero, or diverged: the solver sees it
    constexpr double kWordScale = 1.0 / 4294967296.0;
    const double steps = stepsOf(bits);
    RandomWords words{};
    for (Eigen::Index i = 0; i < vector.size(); ++i) {
        if (i % 4 == 0)
            words = stream.words(send, static_cast<std::uint32_t>(i / 4));
        const double u = words[static_cast<std::size_t>(i % 4)] * kWordScale;
        double& value = vector[i];
        if (bits == 1) {
            value = u < (value / largest + 1) / 2 ? largest : -largest;
            continue;
        }
        const double place = std::min(std::abs(value) / largest, 1.0) * steps;
        const double lower = std::floor(place);
        const double level = lower + (u < place - lower ? 1.0 : 0.0);
        value = std::copysign(level * largest / steps, value);
    }
}

Eigen::VectorXd VectorQuantizer::variance(const Eigen::VectorXd& vector) const {
    const double largest = scaleOf(vector, scale);
    if (!on() || !(largest > 0))
        return Eigen::VectorXd::Zero(vector.size());
    if (bits == 1)
        return vector.unaryExpr([&](double value) { return largest * largest - value * value; });
    const double steps = stepsOf(bits);
    const double gap = largest / steps;
    return vector.unaryExpr([&](double value) {
        const double place = std::abs(value) / largest * steps;
        const double fraction = place - std::floor(place);
        return gap * gap * fraction * (1 - fraction);
    });
}

double VectorQuantizer::varianceBound(Eigen::Index n) const {
    if (!on())
        return 0;
    const auto size = static_cast<double>(n);
    if (bits == 1)
        return size - 1;
    const double steps = stepsOf(bits);
    return std::min(size / (steps * steps), std::sqrt(size) / steps);
}

std::uint64_t VectorQuantizer::bytes(std::size_t n) const {
    if (!on())
        return n * sizeof(float);
    return (n * static_cast<std::uint64_t>(bits) + 7) / 8 + sizeof(float);
}

} // namespace zipml
