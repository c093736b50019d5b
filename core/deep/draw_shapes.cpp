#include "core/deep/image_set.h"

#include "core/base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace zipml::deep {
namespace {

constexpr int kSide = 32;
using Colour = std::array<double, 3>;

/// Whether a shape covers a point, in its own coordinates: centred, upright, of size about 1.
using Covers = bool (*)(double x, double y);

struct Kind {
    const char* name;
    Covers covers;
};

double radius(double x, double y) {
    return std::hypot(x, y);
}

constexpr Kind kKinds[] = {
    {"disc", [](double x, double y) { return radius(x, y) < 0.9; }},
    {"ring", [](double x, double y) { return radius(x, y) < 1 && radius(x, y) > 0.6; }},
    {"square", [](double x, double y) { return std::max(std::abs(x), std::abs(y)) < 0.8; }},
    {"frame",
     [](double x, double y) {
         const double far = std::max(std::abs(x), std::abs(y));
         return far < 0.9 && far > 0.55;
     }},
    {"triangle", [](double x, double y) { return y > -0.7 && y + 1.8 * std::abs(x) < 1; }},
    {"cross",
     [](double x, double y) {
         return std::min(std::abs(x), std::abs(y)) < 0.25 && std::max(std::abs(x), std::abs(y)) < 1;
     }},
    {"bar", [](double x, double y) { return std::abs(x) < 0.25 && std::abs(y) < 1; }},
    {"bars", [](double x, double y) { return std::abs(std::abs(x) - 0.55) < 0.22 && std::abs(y) < 0.9; }},
    {"crescent", [](double x, double y) { return radius(x, y) < 1 && radius(x - 0.5, y) > 0.75; }},
    {"star", [](double x, double y) { return radius(x, y) < 0.6 + 0.4 * std::cos(5 * std::atan2(x, y)); }},
};

class Draws {
  public:
    Draws(std::uint64_t seed, std::uint32_t image) : stream_(seed, Purpose::Synthetic), image_(image) {}
    double uniform(double low, double high) {
        return low + (high - low) * stream_.uniform(image_, column_++);
    }

  private:
    RandomStream stream_;
    std::uint32_t image_, column_ = 0;
};

void drawShape(std::size_t kind, std::uint64_t seed, std::uint32_t number, std::span<std::uint8_t> pixels) {
    Draws draws(seed, number);
    const double centreX = draws.uniform(12, 20), centreY = draws.uniform(12, 20);
    const double size = draws.uniform(7, 11);
    const double slant = draws.uniform(-0.4, 0.4);
    const auto colour = [&](double low, double high) {
        return Colour{draws.uniform(low, high), draws.uniform(low, high), draws.uniform(low, high)};
    };
    const Colour ground = colour(20, 110), shade = colour(130, 240);
    // A wave on the ground as a texture, then noise on everything.
    const double waveX = draws.uniform(-1, 1), waveY = draws.uniform(-1, 1);
    const double phase = draws.uniform(0, 2 * std::numbers::pi), height = draws.uniform(0, 25);
    const RandomStream noise(seed, Purpose::SinogramNoise);
    constexpr double kNoise = 18;
    const double cosine = std::cos(slant) / size, sine = std::sin(slant) / size;
    for (int row = 0; row < kSide; ++row)
        for (int column = 0; column < kSide; ++column) {
            const double x = column + 0.5 - centreX, y = centreY - row - 0.5;
            const bool inside = kKinds[kind].covers(cosine * x + sine * y, cosine * y - sine * x);
            const double wave = inside ? 0 : height * std::sin(waveX * column + waveY * row + phase);
            const auto place = static_cast<std::uint32_t>(row * kSide + column);
            const auto normals = noise.normals(number, place);
            for (std::size_t c = 0; c < 3; ++c) {
                const double value = (inside ? shade : ground)[c] + wave + kNoise * normals[c];
                pixels[c * kSide * kSide + place] =
                    static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
            }
        }
}

} // namespace

std::vector<std::string> shapeClasses() {
    std::vector<std::string> names;
    for (const auto& kind : kKinds)
        names.emplace_back(kind.name);
    return names;
}

ImageSet drawShapes(std::size_t count, std::uint64_t seed, std::size_t first) {
    ImageSet set;
    set.shape = {3, kSide, kSide};
    set.pixels.resize(count * set.shape.size());
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t number = first + i;
        const std::size_t kind = number % std::size(kKinds);
        set.labels.push_back(static_cast<std::uint8_t>(kind));
        drawShape(kind, seed, static_cast<std::uint32_t>(number),
                  std::span(set.pixels).subspan(i * set.shape.size(), set.shape.size()));
    }
    return set;
}

} // namespace zipml::deep
