#include "core/data/distribution.h"

#include "core/base/random.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

double draw(Distribution distribution, const RandomStream& stream, std::uint32_t i) {
    const auto normal = [&](std::size_t which) { return stream.normals(i, 1)[which]; };
    switch (distribution) {
    case Distribution::Normal:
        return normal(0);
    case Distribution::Uniform:
        return stream.uniform(i, 0);
    case Distribution::Exponential:
        return -std::log(1 - stream.uniform(i, 0));
    case Distribution::Bimodal:
        return stream.uniform(i, 0) < 0.6 ? 0.6 * normal(0) - 2 : 0.25 * normal(0) + 2;
    case Distribution::HeavyTailed: {
        const auto normals = stream.normals(i, 1);
        return normals[0] * std::exp(normals[1] / 2);
    }
    }
    throw std::logic_error("unknown distribution");
}

} // namespace

template <>
std::span<const Named<Distribution>> namesOf<Distribution>() {
    static constexpr Named<Distribution> table[] = {
        {Distribution::Normal, "normal", "Normal", "Mean 0, standard deviation 1."},
        {Distribution::Uniform, "uniform", "Uniform",
         "Equally likely everywhere from 0 to 1: uniform levels are best."},
        {Distribution::Exponential, "exponential", "Exponential", "Mean 1: crowded at 0, with one tail."},
        {Distribution::Bimodal, "bimodal", "Bimodal",
         "Two hills with a gap between: 60% around -2, wide, and 40% around 2, narrow."},
        {Distribution::HeavyTailed, "heavy-tailed", "Heavy-tailed",
         "A normal times exp(half of another): kurtosis 3 e, about 8, as columns of YearPrediction have."},
    };
    return table;
}

std::vector<float> drawValues(Distribution distribution, std::size_t count, std::uint64_t seed,
                              ThreadTeam& team, const Job& job) {
    constexpr std::size_t kPerChunk = 1 << 16;
    const RandomStream stream(seed, Purpose::Synthetic);
    std::vector<float> values(count);
    team.forEachChunk((count + kPerChunk - 1) / kPerChunk, [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(count, (chunk + 1) * kPerChunk);
        for (std::size_t i = chunk * kPerChunk; i < end; ++i)
            values[i] = static_cast<float>(draw(distribution, stream, static_cast<std::uint32_t>(i)));
    });
    return values;
}

} // namespace zipml
