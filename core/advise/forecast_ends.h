#pragma once
/// Where a setting's mean motion ends, and single draws of roundings that are made once: of least squares in
/// closed form, of other losses integrated (docs/method.md#s24).

#include "core/advise/forecast_basis.h"
#include "core/advise/step_noise.h"

#include <Eigen/Eigenvalues>

namespace zipml {

/// Draws of the roundings, at least.
inline constexpr double kFewForecastDraws = 5;

/// The mean motion of all epochs from the zero model. Minibatches that each epoch visits once pull as
/// M + step / 2 (mean of their squares - M M) does, docs/method.md#s24: in its eigenvectors an epoch is known in
/// closed form. They are found anew where the step has become another.
class ForecastMotion {
  public:
    /// @param batch rows of a step
    ForecastMotion(const Pull& pull, const SgdOptions& sgd, double step, std::size_t steps,
                   std::size_t batch);
    /// Where it ended, known otherwise. @param curvature there
    ForecastMotion(const Eigen::MatrixXd& curvature, Eigen::VectorXd end)
        : solver_(curvature), spread_(Eigen::VectorXd::Zero(end.size())), end_(std::move(end)) {}
    [[nodiscard]] const Eigen::VectorXd& end() const { return end_; }
    /// Along one of the last epochs' eigenvectors.
    [[nodiscard]] EpochWeights weightsOf(Eigen::Index i, double step, std::size_t steps) const {
        return epochWeights(step, curvatures()[i] + (step - step_) * spread_[i], steps);
    }
    [[nodiscard]] const Eigen::VectorXd& curvatures() const { return solver_.eigenvalues(); }
    [[nodiscard]] const Eigen::MatrixXd& directions() const { return solver_.eigenvectors(); }

  private:
    [[nodiscard]] bool isAnother(double now, Eigen::Index size) const;

    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver_;
    double step_ = 0; ///< that they are for
    Eigen::VectorXd c_, spread_, end_;
};

/// What all ends of a setting are found from.
struct ForecastSetting {
    const ForecastBasis& shared;
    const RunSpec& spec;
    const GradientMethod& method;
    std::span<const Grid> grids;
    const Eigen::VectorXd& variances; ///< mean rounding variance of each feature
    double step;
    const Job& job;

    /// Whether one draw is unlike another.
    [[nodiscard]] bool scatters() const { return isDrawn() && spec.sgd.rounding == RoundingTime::Frozen; }
    [[nodiscard]] bool isDrawn() const {
        return method.copies > 0 && method.estimator->rounding != Rounding::Nearest;
    }
    [[nodiscard]] FreshSource draw(std::uint32_t number) const {
        return {shared.data.train, grids, method, kForecastSeed, number};
    }
    /// What a scatter over some rows is in the mean over all.
    [[nodiscard]] double shareOf(std::size_t rows) const {
        return std::sqrt(static_cast<double>(rows) / static_cast<double>(shared.data.train.rows));
    }
};

/// Where the mean over the roundings ends, and single draws of roundings that are made once.
class ForecastEnds {
  public:
    virtual ~ForecastEnds() = default;
    [[nodiscard]] virtual ForecastMotion mean() const = 0;
    [[nodiscard]] virtual ForecastMotion draw(std::uint32_t number) const = 0;
    /// Of the reported objective above the optimum's.
    [[nodiscard]] virtual double excessOf(const ForecastMotion& motion) const = 0;
    /// |E gradient estimate| at the optimum.
    [[nodiscard]] virtual double biasNorm() const = 0;
    [[nodiscard]] virtual std::uint32_t draws() const = 0; ///< at most
};

/// What suits the loss. @param setting outlives it
std::unique_ptr<ForecastEnds> endsOf(const ForecastSetting& setting);

} // namespace zipml
