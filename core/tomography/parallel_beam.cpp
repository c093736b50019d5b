#include "core/tomography/parallel_beam.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace zipml {
namespace {

constexpr int kFractionBits = 40; // 1,024 pixels and 1,024 steps keep 9 decimals
constexpr double kUnit = 0x1p40;

std::int64_t fixed(double pixels) {
    return std::llround(pixels * kUnit);
}

View makeView(double angle, int size, std::size_t detectors, double spacing) {
    const double c = std::cos(angle), s = std::sin(angle), half = size / 2.0;
    const double first = -0.5 * static_cast<double>(detectors - 1) * spacing; // of ray 0, from the centre
    // A ray holds the points with -x s + y c = t, seen from the centre.
    if (std::abs(c) >= std::abs(s))
        return {true, fixed(half + (first - half * s) / c), fixed(spacing / c), fixed(s / c),
                1 / std::abs(c)};
    return {false, fixed(half - (first + half * c) / s), fixed(-spacing / s), fixed(c / s), 1 / std::abs(s)};
}

std::int64_t floorDivide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

} // namespace

ParallelBeam::ParallelBeam(int size, int angles, int detectors, ThreadTeam& team)
    : size_(size), detectors_(static_cast<std::size_t>(detectors)),
      spacing_(std::min(1.0, size * std::numbers::sqrt2 / detectors)),
      counts_(static_cast<std::size_t>(angles) * static_cast<std::size_t>(size)) {
    for (int i = 0; i < angles; ++i)
        views_.push_back(makeView(std::numbers::pi * i / angles, size_, detectors_, spacing_));
    team.forEachChunk(views(), [this](std::size_t v) {
        std::vector<Crossing> crossings(mostCrossings() + 1);
        for (int strip = 0; strip < size_; ++strip)
            counts_[v * static_cast<std::size_t>(size_) + static_cast<std::size_t>(strip)] =
                static_cast<std::uint16_t>(listCrossings(v, strip, crossings.data()));
    });
    crossings_ = std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

/// A superset of the rays that meet the strip, which spares most of those that do not.
ParallelBeam::RayRange ParallelBeam::raysThrough(const View& view, std::int64_t entry) const {
    const auto last = static_cast<std::int64_t>(detectors_);
    // Entries from one pixel before the strip's begin to one after its end.
    std::int64_t from = floorDivide(fixed(-1) - entry, view.perRay);
    std::int64_t to = floorDivide(fixed(size_ + 1) - entry, view.perRay);
    if (from > to)
        std::swap(from, to);
    return {std::clamp<std::int64_t>(from, 0, last), std::clamp<std::int64_t>(to + 2, 0, last)};
}

std::size_t ParallelBeam::listCrossings(std::size_t index, int strip, Crossing* to) const {
    const View& view = views_[index];
    const std::int64_t entry = view.first + strip * view.perStrip;
    const auto [begin, end] = raysThrough(view, entry);
    const auto pixels = static_cast<std::uint64_t>(size_);
    std::size_t count = 0;
    std::int64_t at = entry + begin * view.perRay;
    for (std::int64_t ray = begin; ray < end; ++ray, at += view.perRay) {
        // Both are written and then counted or not: a branch would be guessed wrong half the time.
        const std::int64_t enters = at >> kFractionBits;
        const std::int64_t leaves = (at + view.perStrip) >> kFractionBits;
        to[count] = {static_cast<std::uint16_t>(ray), static_cast<std::uint16_t>(enters)};
        count += static_cast<std::size_t>(static_cast<std::uint64_t>(enters) < pixels);
        to[count] = {static_cast<std::uint16_t>(ray), static_cast<std::uint16_t>(leaves)};
        count += static_cast<std::size_t>(static_cast<std::uint64_t>(leaves) < pixels) &
                 static_cast<std::size_t>(enters != leaves);
    }
    return count;
}

void ParallelBeam::lengths(std::size_t index, int strip, float* to) const {
    const View& view = views_[index];
    const std::int64_t entry = view.first + strip * view.perStrip;
    const auto [begin, end] = raysThrough(view, entry);
    const auto pixels = static_cast<std::uint64_t>(size_);
    const auto rise = static_cast<double>(view.perStrip);
    std::int64_t at = entry + begin * view.perRay;
    for (std::int64_t ray = begin; ray < end; ++ray, at += view.perRay) {
        const std::int64_t enters = at >> kFractionBits;
        const std::int64_t leaves = (at + view.perStrip) >> kFractionBits;
        double share = 1; // of the way through the strip that lies in the pixel where the ray enters
        if (enters != leaves)
            share = static_cast<double>((std::max(enters, leaves) << kFractionBits) - at) / rise;
        if (static_cast<std::uint64_t>(enters) < pixels)
            *to++ = static_cast<float>(share * view.length);
        if (enters != leaves && static_cast<std::uint64_t>(leaves) < pixels)
            *to++ = static_cast<float>((1 - share) * view.length);
    }
}

void ParallelBeam::readStrip(const View& view, int strip, const float* image, float* to) const {
    const auto size = static_cast<std::size_t>(size_), at = static_cast<std::size_t>(strip);
    if (!view.stripsAreColumns)
        std::copy_n(image + at * size, size, to);
    else
        for (std::size_t i = 0; i < size; ++i)
            to[i] = image[i * size + at];
}

void ParallelBeam::writeStrip(const View& view, int strip, const float* from, float* image) const {
    const auto size = static_cast<std::size_t>(size_), at = static_cast<std::size_t>(strip);
    if (!view.stripsAreColumns)
        std::copy_n(from, size, image + at * size);
    else
        for (std::size_t i = 0; i < size; ++i)
            image[i * size + at] = from[i];
}

std::vector<float> ParallelBeam::project(std::span<const float> image, ThreadTeam& team) const {
    std::vector<float> sums(rays());
    team.forEachChunk(views(), [&](std::size_t v) {
        std::vector<Crossing> crossings(mostCrossings() + 1);
        std::vector<float> values(mostCrossings()), pixels(static_cast<std::size_t>(size_));
        std::vector<double> exact(detectors_, 0.0);
        for (int strip = 0; strip < size_; ++strip) {
            readStrip(views_[v], strip, image.data(), pixels.data());
            const std::size_t count = listCrossings(v, strip, crossings.data());
            lengths(v, strip, values.data());
            for (std::size_t k = 0; k < count; ++k)
                exact[crossings[k].ray] += double{values[k]} * double{pixels[crossings[k].pixel]};
        }
        std::ranges::transform(exact, sums.begin() + static_cast<std::ptrdiff_t>(v * detectors_),
                               [](double sum) { return static_cast<float>(sum); });
    });
    return sums;
}

} // namespace zipml
