#include "core/base/random.h"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace zipml {
namespace {

constexpr double kWordScale = 1.0 / 4294967296.0; // 2^-32: maps a word to [0, 1)

} // namespace

RandomWords RandomStream::words(std::uint32_t row, std::uint32_t block) const {
    const r123::Philox4x32::key_type key{
        {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)}};
    const r123::Philox4x32::ctr_type counter{{row, block, epoch_, use_}};
    const auto drawn = r123::Philox4x32{}(counter, key);
    return {drawn[0], drawn[1], drawn[2], drawn[3]};
}

double RandomStream::uniform(std::uint32_t row, std::uint32_t column) const {
    return words(row, column / 4)[column % 4] * kWordScale;
}

std::array<double, 4> RandomStream::normals(std::uint32_t row, std::uint32_t block) const {
    const RandomWords drawn = words(row, block);
    std::array<double, 4> normals{};
    for (std::size_t pair = 0; pair < 4; pair += 2) {
        const double radius = std::sqrt(-2.0 * std::log((drawn[pair] + 1.0) * kWordScale)); // of (0, 1]
        const double angle = 2.0 * std::numbers::pi * (drawn[pair + 1] * kWordScale);
        normals[pair] = radius * std::cos(angle);
        normals[pair + 1] = radius * std::sin(angle);
    }
    return normals;
}

} // namespace zipml
