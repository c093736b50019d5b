#pragma once
/// Noise on a measured sinogram.

#include "core/base/names.h"

#include <cstdint>
#include <span>
#include <string>

namespace zipml {

enum class NoiseKind {
    None,
    Gaussian, ///< standard deviation: `level` times the largest ray sum
    Poisson,  ///< counts: `level` photons on the largest ray sum
};
template <>
std::span<const Named<NoiseKind>> namesOf<NoiseKind>();

struct SinogramNoise {
    NoiseKind kind = NoiseKind::None;
    double level = 0;
    bool operator==(const SinogramNoise&) const = default;
};

/// "none", "gaussian:0.01" (above 0, at most 1), "poisson:10000" (1 to 10^9). @throws InputError.
SinogramNoise parseNoise(const std::string& text);
std::string toString(const SinogramNoise& noise);

/// Draws are keyed by (seed, ray).
void addNoise(std::span<float> sinogram, const SinogramNoise& noise, std::uint64_t seed);

} // namespace zipml
