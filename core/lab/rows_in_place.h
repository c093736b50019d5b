#pragma once
/// Rows in place are training rows that stay where a program holds them, unscaled and in its own order: no
/// second copy of them is made. Whatever reads all rows gets them block by block, scaled and dealt as
/// PreparedData has them, so that stores, steps and models are those of a copy, bit for bit.
///
/// Losses are taken from the rows as they lie, with the scaling folded into the model: as exact, and the last
/// digits may differ from those of a copy.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/rows_view.h"
#include "core/data/scaling.h"
#include "core/lab/run_spec.h"
#include "core/model/linear_parameters.h"
#include "core/quant/place_levels.h"
#include "core/quant/range_stretch.h"
#include "core/quant/sample_store.h"
#include "core/solve/second_moment.h"
#include "core/solve/sgd.h"

#include <functional>

namespace zipml {

/// Why a run needs a copy of its rows: "estimator full reads rows that are not rounded"; empty where it does
/// not.
std::string whyNotInPlace(const RunSpec& spec);

class RowsInPlace {
  public:
    /// @param values rows * features, row-major; outlives this
    /// @param labels as PreparedData has them, in the order of `values`
    /// @param order row i of training is row order[i] here; empty: as they lie
    /// @param scaling of any kind but RowUnit
    /// @param seen all of `values`: what their least and greatest are taken from
    RowsInPlace(std::span<const float> values, std::size_t features, std::vector<float> labels,
                Scaling scaling, const ScalingFit& seen, std::vector<std::uint32_t> order);

    [[nodiscard]] std::size_t rows() const { return labels_.size(); }
    [[nodiscard]] std::size_t features() const { return features_; }
    /// In the order of training.
    [[nodiscard]] std::vector<float> labels() const;

    /// As they lie, for models that onUnscaled made.
    [[nodiscard]] RowsView unscaled() const { return {values_.data(), rows(), features_, labels_}; }
    /// The model of scaled rows as one of the rows as they lie.
    [[nodiscard]] LinearParameters onUnscaled(const LinearParameters& model) const;

    /// As buildGrids (core/quant/build_grids.h). Shared grids must be uniform.
    [[nodiscard]] std::vector<Grid> grids(const GridSpec& spec, int bits, bool shared, LevelPlaces places,
                                          ThreadTeam& team, const Job& job) const;

    /// What a pass over all rows finds beside the store that it builds.
    struct Found {
        /// Mean rounding variances by feature: of the store's grids, and of those that they are compared with.
        std::vector<double> variance, uniformVariance, exactVariance;
        RangeStretch stretch;
        // For the automatic step, where it is asked for:
        RowLengths lengths;
        SampleMoments moments;
        double curvature = 0; ///< the largest eigenvalue of mean(a a'), unrounded
    };
    /// The arguments of that pass.
    struct Pass {
        std::span<const Grid> uniform, exact; ///< to compare with; empty: none
        bool automaticStep = true;            ///< whether it is asked for
        bool intercept = true;
        std::uint64_t seed = 1; ///< chooses the rows of eigenvalues
    };
    /// Builds a store as SampleStore::build does from a copy.
    Found build(SampleStore& store, const Pass& pass, ThreadTeam& team, const Job& job) const;
    /// The same alone. @param epoch keys the draws
    void buildAgain(SampleStore& store, std::uint32_t epoch, ThreadTeam& team, const Job& job) const;

  private:
    [[nodiscard]] std::size_t placeOf(std::size_t row) const { return order_.empty() ? row : order_[row]; }
    /// Some rows of training, scaled.
    [[nodiscard]] Dataset some(std::span<const std::uint32_t> rows) const;
    /// visit(rows, number of their first), for all rows in the order of training.
    void forEachBlock(ThreadTeam& team, const Job& job,
                      const std::function<void(const Dataset& block, std::size_t first)>& visit) const;

    std::span<const float> values_;
    std::size_t features_;
    std::vector<float> labels_;
    Scaling scaling_;
    std::vector<float> low_, high_; ///< of each feature, scaled
    std::vector<std::uint32_t> order_;
};

} // namespace zipml
