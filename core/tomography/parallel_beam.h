#pragma once
/// Parallel beams through an image: which pixels a ray crosses and how long it is in each (Siddon 1985:
/// exact intersections of a line with the squares of the pixels). Units: one pixel's side.
///
/// The rays of one angle are a view. Where a view's rays run more along x than along y, its strips are the
/// image's columns, else its rows: within a strip a ray rises by at most one pixel and so crosses one or two.
/// Hence positions need not be stored: they follow from where the ray enters the strip, in fixed point, so
/// that every visit finds the same.

#include "core/base/parallel.h"

#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

/// All rays of one angle.
struct View {
    bool stripsAreColumns;
    /// Where ray 0 enters strip 0, what the next ray and the next strip add: along the strip, from its first
    /// pixel's begin, in units of 2^-40 pixels.
    std::int64_t first, perRay, perStrip;
    double length; ///< of a ray within one strip, 1 to sqrt(2)
};

/// A ray's crossing of a pixel, within a strip.
struct Crossing {
    std::uint16_t ray, pixel;
};

class ParallelBeam {
  public:
    /// Angles are spread over 180 degrees; the detectors, centred, are one pixel apart, or nearer where that
    /// many fit on the image's diagonal. @param size pixels a side, at most 1024
    ParallelBeam(int size, int angles, int detectors, ThreadTeam& team);

    [[nodiscard]] int size() const { return size_; }
    [[nodiscard]] std::size_t views() const { return views_.size(); }
    [[nodiscard]] std::size_t detectors() const { return detectors_; }
    [[nodiscard]] std::size_t rays() const { return views() * detectors(); }
    /// Pixels between neighbouring rays, at most 1.
    [[nodiscard]] double spacing() const { return spacing_; }
    [[nodiscard]] const View& view(std::size_t index) const { return views_[index]; }
    /// Crossings of all rays: the system matrix's stored entries.
    [[nodiscard]] std::uint64_t crossings() const { return crossings_; }
    [[nodiscard]] std::size_t crossings(std::size_t view, int strip) const {
        return counts_[view * static_cast<std::size_t>(size_) + static_cast<std::size_t>(strip)];
    }
    /// No strip has more.
    [[nodiscard]] std::size_t mostCrossings() const { return 2 * detectors_; }

    /// A strip's crossings, ray by ray. @param to room for mostCrossings() + 1 @return how many
    std::size_t listCrossings(std::size_t view, int strip, Crossing* to) const;
    /// Their lengths, in the same order. @param to room for mostCrossings()
    void lengths(std::size_t view, int strip, float* to) const;

    /// Ray sums A x, view by view. @param image size x size pixels
    [[nodiscard]] std::vector<float> project(std::span<const float> image, ThreadTeam& team) const;

    /// Copies the pixels of a strip, one after the other.
    void readStrip(const View& view, int strip, const float* image, float* to) const;
    void writeStrip(const View& view, int strip, const float* from, float* image) const;

  private:
    struct RayRange {
        std::int64_t begin, end;
    };
    [[nodiscard]] RayRange raysThrough(const View& view, std::int64_t entry) const;

    int size_;
    std::size_t detectors_;
    double spacing_;
    std::vector<View> views_;
    std::vector<std::uint16_t> counts_; ///< crossings, view by view, strip by strip
    std::uint64_t crossings_ = 0;
};

} // namespace zipml
