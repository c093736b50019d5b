#pragma once
/// The samples of tomography as they are stored: the lengths of all crossings of all rays, as float32 or
/// rounded and packed. Only crossings are stored; a zero of the system matrix is never data, and a length of
/// 0 keeps the code 0, whose level is 0 (docs/method.md#s12-6, #s15).

#include "core/base/job.h"
#include "core/base/names.h"
#include "core/base/page_buffer.h"
#include "core/quant/grid.h"
#include "core/quant/rounding.h"
#include "core/tomography/parallel_beam.h"

namespace zipml {

/// What the levels reach up to; they begin at 0.
enum class LengthScale {
    View,   ///< the length in a whole strip at the view's angle, so that this one is exact
    Shared, ///< sqrt(2), a pixel's diagonal: the same levels at every angle
};
template <>
std::span<const Named<LengthScale>> namesOf<LengthScale>();

struct RayRounding {
    int copies = 0; ///< roundings of a length, 0 (float32, not rounded), 1 or 2
    int bits = 4;   ///< 1..12: 2^bits levels
    LengthScale scale = LengthScale::View;
    Rounding rounding = Rounding::Stochastic;
};

class RayStore {
  public:
    static constexpr int kMostBits = 12;

    /// @param beam outlives the store @throws Cancelled, std::bad_alloc
    RayStore(const ParallelBeam& beam, const RayRounding& rounding, std::uint64_t seed, ThreadTeam& team,
             const Job& job = {});

    /// Rounds all lengths anew, with the draws of `epoch` (0 at first). @throws Cancelled, and then holds
    /// some strips of both
    void round(std::uint32_t epoch, ThreadTeam& team, const Job& job = {});

    [[nodiscard]] const RayRounding& rounding() const { return rounding_; }
    /// Of a stored length: bits, one more for the second rounding, or 32.
    [[nodiscard]] int bitsPerLength() const { return width_; }
    /// All lengths as stored, without the table of where strips begin, which follows from the geometry.
    [[nodiscard]] std::uint64_t bytes() const { return begins_.back(); }
    /// Those of one view.
    [[nodiscard]] std::uint64_t bytes(std::size_t view) const {
        return begins_[index(view + 1, 0)] - begins_[index(view, 0)];
    }
    /// The levels of a view's lengths.
    [[nodiscard]] Grid gridOf(std::size_t view) const;

    /// A strip's codes: the sums of the copies' level indices (docs/method.md#s3-5), in the order of
    /// listCrossings.
    /// @param to room for mostCrossings() + 7
    void codes(std::size_t view, int strip, std::uint16_t* to) const;
    /// A strip's lengths, where they are not rounded.
    [[nodiscard]] const float* lengths(std::size_t view, int strip) const;

    /// For each ray the sum of squares of the upper levels of its lengths (of the lengths themselves where
    /// they are not rounded): no rounding of the row is longer.
    [[nodiscard]] std::vector<float> rowBounds(ThreadTeam& team) const;

  private:
    [[nodiscard]] std::size_t index(std::size_t view, int strip) const {
        return view * static_cast<std::size_t>(beam_.size()) + static_cast<std::size_t>(strip);
    }
    struct Buffers;
    void roundStrip(std::size_t view, int strip, std::uint32_t epoch, Buffers& buffers);

    const ParallelBeam& beam_;
    RayRounding rounding_;
    std::uint64_t seed_;
    int width_;
    std::vector<std::uint64_t> begins_; ///< bytes, strip by strip, and the end
    PageBuffer store_;
};

/// For each pixel the mean over views of sum over a view's rays of weight * rounding variance of the length:
/// what the corrected estimator subtracts a view (docs/method.md#s3-7).
/// @param weights one a ray
std::vector<float> meanVariance(const ParallelBeam& beam, const RayStore& store,
                                std::span<const float> weights, const Job& job = {});

} // namespace zipml
