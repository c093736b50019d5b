#include "core/tomography/phantom.h"

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

namespace zipml {

template <>
std::span<const Named<PhantomKind>> namesOf<PhantomKind>() {
    static constexpr Named<PhantomKind> table[] = {
        {PhantomKind::SheppLogan, "shepp-logan", "Shepp-Logan head",
         "Ten ellipses, the field's standard (with the modified, higher contrast)."},
        {PhantomKind::Discs, "discs", "Discs", "Discs of falling size and contrast on a plate."},
        {PhantomKind::Bars, "bars", "Bars", "Groups of bars from coarse to fine: shows the resolution."},
        {PhantomKind::Blobs, "blobs", "Smooth blobs", "Gaussian hills without an edge."},
        {PhantomKind::Letters, "letters", "Letters",
         "The word ZipML in 5 x 7 dots: corners and thin strokes."},
    };
    return table;
}

namespace {

/// x to the right, y up, both in [-1, 1] within the image.
struct Ellipse {
    double value, halfWidth, halfHeight, x, y, degrees;

    [[nodiscard]] bool contains(double px, double py) const {
        const double angle = degrees * std::numbers::pi / 180;
        const double along = (px - x) * std::cos(angle) + (py - y) * std::sin(angle);
        const double across = (py - y) * std::cos(angle) - (px - x) * std::sin(angle);
        return std::pow(along / halfWidth, 2) + std::pow(across / halfHeight, 2) <= 1;
    }
};

template <std::size_t kCount>
double sumOf(const std::array<Ellipse, kCount>& ellipses, double x, double y) {
    double sum = 0;
    for (const auto& ellipse : ellipses)
        if (ellipse.contains(x, y))
            sum += ellipse.value;
    return sum;
}

/// Shepp and Logan (1974) with the contrasts of Toft (1996).
double sheppLogan(double x, double y) {
    static constexpr std::array<Ellipse, 10> ellipses{{
        {1.0, 0.69, 0.92, 0, 0, 0},
        {-0.8, 0.6624, 0.874, 0, -0.0184, 0},
        {-0.2, 0.11, 0.31, 0.22, 0, -18},
        {-0.2, 0.16, 0.41, -0.22, 0, 18},
        {0.1, 0.21, 0.25, 0, 0.35, 0},
        {0.1, 0.046, 0.046, 0, 0.1, 0},
        {0.1, 0.046, 0.046, 0, -0.1, 0},
        {0.1, 0.046, 0.023, -0.08, -0.605, 0},
        {0.1, 0.023, 0.023, 0, -0.606, 0},
        {0.1, 0.023, 0.046, 0.06, -0.605, 0},
    }};
    return sumOf(ellipses, x, y);
}

double discs(double x, double y) {
    double value = Ellipse{0, 0.9, 0.9, 0, 0, 0}.contains(x, y) ? 0.2 : 0.0;
    constexpr int kDiscs = 6;
    for (int ring = 0; ring < 2; ++ring) // the outer ring's discs are large, the inner one's small
        for (int i = 0; i < kDiscs; ++i) {
            const double angle = 2 * std::numbers::pi * i / kDiscs + ring * std::numbers::pi / kDiscs;
            const double away = ring == 0 ? 0.62 : 0.26;
            const double radius = (ring == 0 ? 0.2 : 0.09) * (1 - 0.12 * i);
            if (std::hypot(x - away * std::cos(angle), y - away * std::sin(angle)) <= radius)
                value = 1 - 0.13 * i;
        }
    return value;
}

/// Five rows of three bars with as wide gaps, upright on the left and flat on the right.
double bars(double x, double y) {
    constexpr int kRows = 5;
    const double place = (0.75 - y) / 0.3;
    const int row = static_cast<int>(std::floor(place));
    if (row < 0 || row >= kRows)
        return 0;
    const double width = 0.09 * std::pow(0.62, row);
    const double fromMiddle = 0.3 * (place - row - 0.5); // downwards
    const double fromCentre = x < 0 ? x + 0.34 : x - 0.34;
    const double across = x < 0 ? fromCentre : fromMiddle;
    const double along = x < 0 ? fromMiddle : fromCentre;
    const double halfLength = std::min(0.12, 3 * width);
    const auto bar = static_cast<int>(std::floor((across + 2.5 * width) / width));
    return std::abs(along) <= halfLength && bar >= 0 && bar < 5 && bar % 2 == 0 ? 1.0 : 0.0;
}

double blobs(double x, double y) {
    static constexpr std::array<Ellipse, 5> hills{{
        {0.9, 0.28, 0.2, -0.25, 0.3, 0},
        {0.6, 0.16, 0.24, 0.35, 0.25, 0},
        {0.75, 0.12, 0.12, 0.1, -0.15, 0},
        {0.5, 0.3, 0.14, -0.1, -0.5, 0},
        {0.4, 0.09, 0.1, -0.5, -0.15, 0},
    }};
    double sum = 0;
    for (const auto& hill : hills)
        sum += hill.value * std::exp(-0.5 * (std::pow((x - hill.x) / hill.halfWidth, 2) +
                                             std::pow((y - hill.y) / hill.halfHeight, 2)));
    return std::min(sum, 1.0);
}

double letters(double x, double y) {
    constexpr int kRows = 7, kColumns = 29;
    static constexpr std::array<std::string_view, kRows> dots{
        "XXXXX.XXXXX.XXXX..X...X.X....", //
        "....X...X...X...X.XX.XX.X....", //
        "...X....X...X...X.X.X.X.X....", //
        "..X.....X...XXXX..X.X.X.X....", //
        ".X......X...X.....X...X.X....", //
        "X.......X...X.....X...X.X....", //
        "XXXXX.XXXXX.X.....X...X.XXXXX",
    };
    constexpr double kDot = 1.5 / kColumns;
    const double plate = std::abs(x) <= 0.86 && std::abs(y) <= 0.42 ? 0.25 : 0.0;
    const int column = static_cast<int>(std::floor(x / kDot + kColumns / 2.0));
    const int row = static_cast<int>(std::floor(kRows / 2.0 - y / kDot));
    if (row < 0 || row >= kRows || column < 0 || column >= kColumns)
        return plate;
    const bool dark = dots[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] == 'X';
    return dark ? 1.0 : plate;
}

double valueAt(PhantomKind kind, double x, double y) {
    switch (kind) {
    case PhantomKind::SheppLogan:
        return sheppLogan(x, y);
    case PhantomKind::Discs:
        return discs(x, y);
    case PhantomKind::Bars:
        return bars(x, y);
    case PhantomKind::Blobs:
        return blobs(x, y);
    case PhantomKind::Letters:
        return letters(x, y);
    }
    throw std::logic_error("unknown phantom");
}

} // namespace

Image makePhantom(PhantomKind kind, int size) {
    constexpr int kPoints = 4; // a side of a pixel
    Image image{size, {}};
    image.pixels.reserve(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
    const double step = 2.0 / (size * kPoints);
    for (int row = 0; row < size; ++row)
        for (int column = 0; column < size; ++column) {
            double sum = 0;
            for (int i = 0; i < kPoints * kPoints; ++i)
                sum += valueAt(kind, (column * kPoints + i % kPoints + 0.5) * step - 1,
                               1 - (row * kPoints + static_cast<double>(i / kPoints) + 0.5) *
                                       step); // NOLINT(bugprone-integer-division)
            // The ellipses' contrasts cancel to a little below 0.
            image.pixels.push_back(static_cast<float>(std::max(0.0, sum / (kPoints * kPoints))));
        }
    return image;
}

} // namespace zipml
