#include "core/tomography/sinogram_noise.h"

#include "core/base/number_text.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>

namespace zipml {

template <>
std::span<const Named<NoiseKind>> namesOf<NoiseKind>() {
    static constexpr Named<NoiseKind> table[] = {
        {NoiseKind::None, "none", "None", "Exact ray sums."},
        {NoiseKind::Gaussian, "gaussian", "Gaussian",
         "Normal noise; the level is its standard deviation over the largest ray sum."},
        {NoiseKind::Poisson, "poisson", "Poisson",
         "Photon counts; the level is the number of photons on the largest ray sum."},
    };
    return table;
}

SinogramNoise parseNoise(const std::string& text) {
    const auto colon = text.find(':');
    SinogramNoise noise;
    noise.kind = parseName<NoiseKind>(std::string_view(text).substr(0, colon), "noise");
    if (noise.kind == NoiseKind::None && colon == std::string::npos)
        return noise;
    const auto level =
        colon == std::string::npos ? std::nullopt : parseFinite(std::string_view(text).substr(colon + 1));
    const bool gaussian = noise.kind == NoiseKind::Gaussian;
    const bool poisson = noise.kind == NoiseKind::Poisson;
    if (!level || !((gaussian && *level > 0 && *level <= 1) || (poisson && *level >= 1 && *level <= 1e9)))
        throw InputError("noise: '" + text +
                         "': write none, gaussian:F with a share of the largest ray sum (0 to 1) such as "
                         "gaussian:0.01, or poisson:N with N photons (1 to 10^9) such as poisson:10000");
    noise.level = *level;
    return noise;
}

std::string toString(const SinogramNoise& noise) {
    std::string text(nameOf(noise.kind));
    return noise.kind == NoiseKind::None ? text : text + ":" + shortest(noise.level);
}

namespace {

/// Uniform draws of one ray, one after the other.
class RayDraws {
  public:
    RayDraws(const RandomStream& stream, std::uint32_t ray) : stream_(stream), ray_(ray) {}
    double next() { return stream_.uniform(ray_, drawn_++); }

  private:
    const RandomStream& stream_;
    std::uint32_t ray_, drawn_ = 0;
};

/// By counting how many uniform factors keep a product above e^-mean.
double smallPoisson(double mean, RayDraws& draws) {
    const double limit = std::exp(-mean);
    double count = 0, product = draws.next();
    while (product > limit) {
        product *= draws.next();
        ++count;
    }
    return count;
}

/// Transformed rejection, Hormann 1993, "The transformed rejection method for generating Poisson random
/// variables", algorithm PTRS: exact for means of 10 and more.
double largePoisson(double mean, RayDraws& draws) {
    const double b = 0.931 + 2.53 * std::sqrt(mean);
    const double a = -0.059 + 0.02483 * b;
    const double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const double quick = 0.9277 - 3.6224 / (b - 2);
    while (true) {
        const double u = draws.next() - 0.5, v = draws.next();
        const double room = 0.5 - std::abs(u);
        const double count = std::floor((2 * a / room + b) * u + mean + 0.43);
        if (room >= 0.07 && v <= quick)
            return count;
        if (count < 0 || (room < 0.013 && v > room))
            continue;
        if (std::log(v * inverseAlpha / (a / (room * room) + b)) <=
            count * std::log(mean) - mean - std::lgamma(count + 1))
            return count;
    }
}

} // namespace

void addNoise(std::span<float> sinogram, const SinogramNoise& noise, std::uint64_t seed) {
    if (noise.kind == NoiseKind::None)
        return;
    constexpr double kFewForInversion = 10;
    const RandomStream stream(seed, Purpose::SinogramNoise);
    const double largest = *std::ranges::max_element(sinogram);
    for (std::size_t i = 0; i < sinogram.size(); ++i) {
        const auto ray = static_cast<std::uint32_t>(i);
        if (noise.kind == NoiseKind::Gaussian) {
            sinogram[i] += static_cast<float>(noise.level * largest * stream.normals(ray, 0)[0]);
            continue;
        }
        const double photons = noise.level / largest;
        const double mean = double{sinogram[i]} * photons;
        RayDraws draws(stream, ray);
        const double count = mean < kFewForInversion ? smallPoisson(mean, draws) : largePoisson(mean, draws);
        sinogram[i] = static_cast<float>(count / photons);
    }
}

} // namespace zipml
