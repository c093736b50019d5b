#pragma once
/// Rounds a whole vector, the model or the gradient, each time it is sent (docs/method.md#s2-2 to #s2-4 and
/// #s4-1).

#include "core/base/names.h"
#include "core/base/random.h"

#include <Eigen/Core>

namespace zipml {

/// The scale that is sent along with a rounded vector.
enum class VectorScale { Norm, Largest };
template <>
std::span<const Named<VectorScale>> namesOf<VectorScale>();

/// v_i becomes M * sgn(v_i) * {0, 1/s, ..., 1}, rounded at random so that its mean is v_i. With b bits
/// s = 2^(b-1) - 1, so that 0 is a level and b bits hold sign and size; at 1 bit the levels are -M and M.
struct VectorQuantizer {
    static constexpr int kOff = 32;

    int bits = kOff; ///< 1..16, or 32: the vector is sent as it is
    VectorScale scale = VectorScale::Norm;
    double range =
        0; ///< above 0: the levels reach to it instead, and what is beyond is clamped; 2 bits at least

    [[nodiscard]] bool on() const { return bits != kOff; }
    /// @param send keys the draws: another one gives independent roundings
    void round(Eigen::VectorXd& vector, const RandomStream& stream, std::uint32_t send) const;
    /// Each element's rounding variance, exactly (docs/method.md#eq2).
    [[nodiscard]] Eigen::VectorXd variance(const Eigen::VectorXd& vector) const;
    /// c with E|Q(v) - v|^2 <= c |v|^2 for every v of n elements: min(n / s^2, sqrt(n) / s),
    /// docs/method.md#eq2; n
    /// - 1 at 1 bit.
    [[nodiscard]] double varianceBound(Eigen::Index n) const;
    /// What one vector of n elements takes when it is sent: b n bits and the scale (32 bits).
    [[nodiscard]] std::uint64_t bytes(std::size_t n) const;
};

} // namespace zipml
