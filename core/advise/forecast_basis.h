#pragma once
/// What all forecasts of one experiment share: its problem, its optimum, the matrices that pull on the model
/// there, and how the roundings of its samples change them (docs/method.md#s24).

#include "core/advise/flat_layout.h"
#include "core/advise/forecast.h"
#include "core/estimate/sample_source.h"

#include <mutex>

namespace zipml {

/// Of a forecast's own draws of roundings; apart from any run's.
inline constexpr std::uint64_t kForecastSeed = 0x5eed;
/// Rows that are looked at, where there are so many.
inline constexpr std::size_t kLeastForecastRows = 2000;

/// M x = c, and what the rows' own matrices A (whose mean is M) and vectors b (c) leave of each other in the
/// course of an epoch: mean(A A) - M M, and mean(A b) - M c.
struct Pull {
    Eigen::MatrixXd m;
    Eigen::VectorXd c;
    Eigen::MatrixXd spread;
    Eigen::VectorXd spreadC;
};

/// The base's problem, and what is known of exact samples.
struct ForecastBasis {
    const RunSpec& base;
    const PreparedData& data;
    FlatLayout layout;
    Loss loss;
    std::size_t batch, steps;
    std::vector<std::uint32_t> rows;   ///< that matrices are summed over
    std::vector<std::uint32_t> starts; ///< of the minibatches that noise is measured on
    Eigen::VectorXd optimum;
    double objective = 0; ///< the optimum's, as reported
    double atZero = 0;    ///< the zero model's, above it
    Pull exact;           ///< over all rows: the objective's Hessian at the optimum
    Pull exactOfRows;     ///< over `rows`
    double band = 0;      ///< that a step of the slope is smoothed over
    double curvature = 1; ///< the loss's second derivative, in the mean, weighted by |a|^2
    double slope = 0;     ///< mean square of the loss's slope at the optimum
    double spread = 0;    ///< R = mean |a|^4 / mean |a|^2, curvature included
    double scale = 1;     ///< reported objective above the optimum's, per (x - x*)'H(x - x*)
    mutable std::once_flag fullKnown;
    mutable Forecast full;           ///< of full precision, once it is known
    mutable Eigen::VectorXd fullEnd; ///< where it ends, of losses that are not quadratic

    /// Not yet prepared.
    ForecastBasis(const RunSpec& spec, const PreparedData& prepared);

    [[nodiscard]] double l2() const {
        return base.regularizer.kind == RegularizerKind::L2 ? base.regularizer.l2 : 0;
    }
    [[nodiscard]] double excessOf(const Eigen::VectorXd& difference) const {
        return scale * difference.dot(exact.m * difference);
    }
    void addRidge(Eigen::MatrixXd& m) const { m.diagonal().tail(m.rows() - layout.first()).array() += l2(); }

    /// Fills all that is above. @throws Cancelled
    void prepare(ThreadTeam& team, const Job& job);
    /// Of one draw of the roundings, over `rows`, in the mean over the coins (docs/method.md#eq8).
    [[nodiscard]] Pull roundedPull(const SampleSource& source, const GradientMethod& method) const;
    /// In the mean over the roundings, of least squares.
    [[nodiscard]] Pull averagePull(const GradientMethod& method, std::span<const Grid> grids,
                                   const Eigen::VectorXd& variances) const;

  private:
    [[nodiscard]] double bandOf(std::span<const double> scores) const;
};

} // namespace zipml
