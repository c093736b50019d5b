#pragma once
/// Least squares with two parameters, so that gradients are arrows in a plane: a generated problem, its
/// rounded samples, and clouds of gradient estimates with what their mean tells.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/estimate/sample_source.h"

#include <cmath>
#include <memory>
#include <optional>
#include <vector>

namespace zipml {

/// Features are standard normals with correlation 0.6, labels a.w + noise, w = (1.6, 0.9).
struct PlaneData {
    std::size_t rows = 256; ///< at least kFewestPlaneRows
    double noise = 0.5;     ///< deviation of the labels' noise, at least 0
    std::uint64_t seed = 1;
    bool operator==(const PlaneData&) const = default;
};
constexpr std::size_t kFewestPlaneRows = 10;

class PlaneProblem {
  public:
    explicit PlaneProblem(const PlaneData& options);

    [[nodiscard]] const Dataset& data() const { return data_; }
    [[nodiscard]] const Eigen::Matrix2d& curvature() const { return curvature_; } ///< A'A / K
    [[nodiscard]] const Eigen::Vector2d& moment() const { return moment_; }       ///< A'b / K
    [[nodiscard]] const Eigen::Vector2d& optimum() const { return optimum_; }
    /// The exact gradient of 1/2 mean((a.x - b)^2).
    [[nodiscard]] Eigen::Vector2d gradient(const Eigen::Vector2d& at) const {
        return curvature_ * at - moment_;
    }
    /// mean((a.x - b)^2), as losses are reported.
    [[nodiscard]] double loss(const Eigen::Vector2d& at) const;

  private:
    Dataset data_;
    Eigen::Matrix2d curvature_;
    Eigen::Vector2d moment_, optimum_;
    double leastLoss_ = 0;
};

/// The problem's samples on uniform levels of `bits` bits a feature, from the least to the greatest value.
class QuantizedPlane {
  public:
    /// @param problem outlives this. @param bits 1..16
    QuantizedPlane(const PlaneProblem& problem, int bits, ThreadTeam& team);

    [[nodiscard]] const PlaneProblem& problem() const { return problem_; }
    [[nodiscard]] int bits() const { return bits_; }
    /// The diagonal of Dbar, the mean rounding variance a feature (docs/method.md#s3-7).
    [[nodiscard]] const Eigen::Vector2d& roundingVariance() const { return roundingVariance_; }
    /// Where the naive estimator leads, docs/method.md#eq4.
    [[nodiscard]] Eigen::Vector2d naiveLimit() const;
    /// With its correction, if it has one.
    [[nodiscard]] GradientMethod method(EstimatorKind kind) const;
    /// Fresh roundings for a method of this. @param draw another one gives independent roundings
    [[nodiscard]] std::unique_ptr<SampleSource> source(const GradientMethod& method, std::uint64_t seed,
                                                       std::uint32_t draw) const;
    /// Bits that a value takes in the store of an estimator; 32 where samples are not rounded.
    [[nodiscard]] int storedBits(EstimatorKind kind) const;

  private:
    const PlaneProblem& problem_;
    int bits_;
    std::vector<Grid> grids_;
    Eigen::Vector2d roundingVariance_;
};

/// The points centre + axes * (cos t, sin t).
struct Ellipse {
    Eigen::Vector2d centre = Eigen::Vector2d::Zero();
    Eigen::Matrix2d axes = Eigen::Matrix2d::Zero(); ///< semi-axes, a column each; 0 where nothing scatters
    [[nodiscard]] Eigen::Vector2d at(double angle) const {
        return centre + axes * Eigen::Vector2d(std::cos(angle), std::sin(angle));
    }
};

constexpr double kSignificance = 0.05; ///< a mean that is the truth is said not to be so often

/// Draws of a vector: their mean, how they scatter, and what that says of the expectation, by Hotelling's T^2
/// (exact where draws are normal).
struct MeanOfDraws {
    std::size_t draws = 0; ///< at least 3
    Eigen::Vector2d mean = Eigen::Vector2d::Zero();
    Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero(); ///< of one draw, with draws - 1

    static MeanOfDraws of(std::span<const Eigen::Vector2d> draws);
    /// Holds the expectation with probability 1 - kSignificance.
    [[nodiscard]] Ellipse confidence() const;
    /// Of a mean at least as far away, were `expectation` the expectation; in [0, 1].
    [[nodiscard]] double pValue(const Eigen::Vector2d& expectation) const;
    /// sqrt(trace(covariance) / draws): the distance that noise alone would show.
    [[nodiscard]] double standardError() const;
};

/// Estimates of the gradient at a point, each over a minibatch of its own.
struct GradientCloud {
    EstimatorKind estimator = EstimatorKind::Full;
    std::vector<Eigen::Vector2d> draws;
    MeanOfDraws statistics;
    double biasNorm = 0; ///< |mean of the draws - exact gradient|; 0 where that is rounding of doubles
    std::optional<Eigen::Vector2d> predictedBias; ///< docs/method.md#eq3; empty where there is no formula
    double pValue = 1;                            ///< of the exact gradient being their expectation
    int storedBits = 32;                          ///< a value

    /// Whether the confidence ellipse holds the exact gradient: as an unbiased estimator's does 95 times in
    /// 100.
    [[nodiscard]] bool consistentWithUnbiased() const { return pValue >= kSignificance; }
};

struct CloudOptions {
    Eigen::Vector2d at = Eigen::Vector2d::Zero();
    int draws = 200; ///< at least kFewestDraws
    std::size_t batch =
        16; ///< rows a draw, chosen at random without replacement; all rows if there are fewer
    std::uint64_t seed = 1;
};
constexpr int kFewestDraws = 10;

/// One cloud an estimator, in their order. Draw k uses the same rows and roundings for all of them. The
/// result does not depend on the team. @throws Cancelled
std::vector<GradientCloud> drawClouds(const QuantizedPlane& plane, std::span<const EstimatorKind> estimators,
                                      const CloudOptions& options, ThreadTeam& team, const Job& job = {});

/// The rows of minibatch number `draw`: `batch` of them at random, or all.
std::vector<std::uint32_t> minibatchRows(std::size_t rows, std::size_t batch, std::uint64_t seed,
                                         std::uint32_t draw);

} // namespace zipml
