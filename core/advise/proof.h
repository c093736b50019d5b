#pragma once
/// Forecasts held against runs: the same settings trained, and how near each forecast came.

#include "core/advise/advice.h"

namespace zipml {

/// One setting, over the seeds that ran.
struct ProofRow {
    TradeoffSetting setting;
    double forecast = 0; ///< objective above the optimum's; infinite: diverges
    double measured = 0; ///< likewise, the median over the seeds
    double optimum = 0;  ///< the objective that both are above
    std::size_t runs = 0, diverged = 0;
    std::string failure = {}; ///< why it could not run

    /// Forecast over measured, above the optimum; 1 where both are nothing or both diverge.
    [[nodiscard]] double ratio() const;
    /// The same of the final objectives themselves.
    [[nodiscard]] double objectiveRatio() const;
    [[nodiscard]] bool within(double factor) const;
};

struct Proof {
    std::vector<ProofRow> rows; ///< full precision first
    /// Of the rows that ran, 0 to 1: forecast excess within a factor of the measured one.
    [[nodiscard]] double share(double factor) const;
    /// Likewise of the objectives.
    [[nodiscard]] double objectiveShare(double factor) const;
};

/// An excess below this share of the objective counts as nothing: what float32 sums may differ by.
constexpr double kNoExcess = 1e-6;

/// The runs that a proof needs: the advice's plan with `seeds` seeds. With a split there is one, for each seed
/// would have an optimum of its own.
TradeoffPlan proofPlan(const Advice& advice, int seeds);
/// @param results of proofPlan's runs
Proof proofOf(const Advice& advice, const TradeoffResults& results);
nlohmann::json toJson(const Proof& proof);

} // namespace zipml
