#pragma once
/// An image from its ray sums by stochastic gradient steps on rounded rays (docs/method.md#s15).
///
/// A step takes all rays of one view: they hardly share pixels, so each may take nearly the whole step of its
/// own projection (Kaczmarz), relaxation / |a|^2. Views come in a new order each epoch. |a|^2 is the row's
/// bound (RayStore::rowBounds), which does not depend on how the row was rounded: the estimate stays unbiased
/// and a rounding that made a short row long cannot overshoot.

#include "core/base/spin_barrier.h"
#include "core/estimate/estimator.h"
#include "core/solve/sgd_options.h"
#include "core/tomography/image.h"
#include "core/tomography/ray_store.h"

#include <memory>

namespace zipml {

struct ReconstructionOptions {
    EstimatorKind estimator = EstimatorKind::Double; ///< one with pairs, on exact channels
    int bits = 4;                                    ///< 1..12: 2^bits levels of a length
    LengthScale scale = LengthScale::View;
    RoundingTime rounding = RoundingTime::Frozen;
    bool nonnegative = false; ///< pixels below 0 become 0 after each step (a box's proximal step)
    std::uint64_t seed = 1;
};

class Reconstruction {
  public:
    /// Starts from the zero image. @param beam, sinogram, team outlive it @throws Cancelled, std::bad_alloc
    Reconstruction(const ParallelBeam& beam, std::span<const float> sinogram,
                   const ReconstructionOptions& options, ThreadTeam& team, const Job& job = {});
    ~Reconstruction();
    Reconstruction(const Reconstruction&) = delete;
    Reconstruction& operator=(const Reconstruction&) = delete;

    /// The steps of the next `count` views, at most to the epoch's end.
    /// @param relaxation above 0, below 2 (1: Kaczmarz's step) @return whether an epoch ended
    /// @throws Cancelled while it rounds afresh
    bool runViews(std::size_t count, double relaxation, const Job& job = {});

    [[nodiscard]] const Image& image() const { return image_; }
    /// Epochs that are complete.
    [[nodiscard]] int epoch() const { return static_cast<int>(epoch_); }
    /// Share of the running epoch that is done.
    [[nodiscard]] double epochShare() const {
        return static_cast<double>(nextView_) / static_cast<double>(beam_.views());
    }
    /// The stored lengths of the rays visited so far and two floats a ray: its sum and its bound; for
    /// the corrected estimator also the mean variance, a float a pixel, once.
    [[nodiscard]] std::uint64_t bytesMoved() const { return bytesMoved_; }
    [[nodiscard]] const RayStore& store() const { return *store_; }
    [[nodiscard]] bool finite() const;

  private:
    struct Chunk;
    void runView(std::size_t thread, std::size_t threads, std::size_t view, float step);
    void addUp(Chunk& chunk, std::size_t view);
    void decode(Chunk& chunk, std::size_t view, int strip, std::size_t begin, std::size_t count);
    void weighResiduals(std::size_t view, float step, float* first, float* second) const;
    void update(const Chunk& chunk, std::size_t view, float step, const float* first, const float* second,
                float* gradient);

    const ParallelBeam& beam_;
    std::span<const float> sinogram_;
    ReconstructionOptions options_;
    Pairs pairs_;
    ThreadTeam& team_;
    std::unique_ptr<RayStore> store_;
    std::vector<float> weights_;                 ///< 1 / |a|^2 of each ray, 0 where it misses the image
    std::vector<float> meanVariance_;            ///< of each pixel, for the corrected estimator
    std::vector<float> gaps_;                    ///< of each view's levels
    std::vector<std::unique_ptr<Chunk>> chunks_; ///< strips that are worked on together, whoever does it
    Image image_;
    std::vector<std::uint32_t> order_; ///< of the epoch's views
    std::size_t nextView_ = 0;
    std::uint32_t epoch_ = 0;
    std::uint64_t bytesMoved_ = 0;
    std::unique_ptr<SpinBarrier> barrier_;
};

} // namespace zipml
