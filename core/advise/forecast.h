#pragma once
/// Forecasts where a run of SGD ends, without running it (docs/method.md#s24): how far the objective stays
/// above the optimum's, and which part of that the start, the roundings and the steps' noise have.
///
/// Of least squares an epoch takes the model, in the mean over the order of the minibatches, by
/// x -> x - N step (M x - c), where M and c are what the rounded rows have in the place of H = mean(a a') and
/// mean(a b). They are computed for a few draws of the roundings, so that the model at the end follows in
/// closed form in M's eigenvectors. The steps' noise follows from the covariance of the minibatches'
/// gradients there, by the recursion whose fixed point is Lyapunov's equation H V + V H = step C / B.
///
/// Of other losses the mean motion is integrated in a few dozen implicit steps over some of the rows, and the
/// noise is that of the quadratic that they look like at the end: an approximation.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/lab/prepare.h"
#include "core/study/tradeoffs.h"

#include <memory>
#include <optional>
#include <string>

namespace zipml {

/// In units of the reported objective, above the optimum's.
struct Forecast {
    double excess = 0; ///< the sum of the next three, the median over draws; infinite where it diverges
    double pulled = 0; ///< where the mean over the roundings ends: their bias, and what is left of the start
    double frozen = 0; ///< what roundings that are made once add to it, in the median
    double noise = 0;  ///< of the steps: the noise floor
    double least = 0, most = 0;     ///< of the draws
    double step = 0;                ///< before the schedule
    double biasNorm = 0;            ///< |E gradient estimate - exact gradient| at the optimum
    std::optional<double> variance; ///< of one row's estimate there, by formula; empty where there is none
    double bitsPerValue = 32;       ///< as stored: double sampling's extra bit is in it
    std::uint64_t storeBytes = 0;   ///< of all training samples

    [[nodiscard]] bool diverges() const;
};

/// Why there is no forecast of a run, in one line with what would help; empty where there is one, if the exact
/// optimum is known.
std::string whyNoForecast(const RunSpec& spec, const PreparedData& data);

struct ForecastBasis;

/// Makes the forecasts of one experiment, which share curvature, optimum and the noise of exact samples.
class Forecaster {
  public:
    /// @param base SGD on samples in memory @param data with an optimum; both outlive this
    /// @throws InputError with whyNoForecast or why there is no optimum, Cancelled
    Forecaster(const RunSpec& base, const PreparedData& data, ThreadTeam& team, const Job& job = {});
    ~Forecaster();

    /// The same whatever thread asks, and from many at once.
    [[nodiscard]] Forecast of(const TradeoffSetting& setting, const Job& job = {}) const;
    /// The optimum's objective, as reported.
    [[nodiscard]] double optimum() const;
    /// Whether the loss is not quadratic, so that the forecast is an approximation.
    [[nodiscard]] bool approximate() const;
    /// How much a unit of each column's rounding variance raises the objective, up to a common factor. Of an
    /// estimator that takes one rounding as exact it is the variance's square that counts.
    [[nodiscard]] Eigen::VectorXd sensitivity(bool takenAsExact) const;

  private:
    [[nodiscard]] Forecast forecastOf(const TradeoffSetting& setting, const Job& job) const;

    std::unique_ptr<const ForecastBasis> shared_;
};

} // namespace zipml
