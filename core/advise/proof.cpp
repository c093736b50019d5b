#include "core/advise/proof.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

double ratioOf(double forecast, double measured) {
    const bool apart = std::isfinite(forecast) && std::isfinite(measured);
    if (!apart)
        return std::isfinite(forecast) == std::isfinite(measured) ? 1 : forecast > measured ? HUGE_VAL : 0;
    return forecast / measured;
}

bool isWithin(double ratio, double factor) {
    return ratio <= factor && ratio * factor >= 1;
}

double shareOf(const std::vector<ProofRow>& rows, auto&& holds) {
    const auto ran = std::ranges::count_if(rows, [](const ProofRow& row) { return row.runs > 0; });
    const auto held =
        std::ranges::count_if(rows, [&](const ProofRow& row) { return row.runs > 0 && holds(row); });
    return ran == 0 ? 0 : static_cast<double>(held) / static_cast<double>(ran);
}

} // namespace

double ProofRow::ratio() const {
    const double nothing = kNoExcess * optimum;
    return ratioOf(std::max(forecast, nothing), std::max(measured, nothing));
}

double ProofRow::objectiveRatio() const {
    return ratioOf(optimum + forecast, optimum + measured);
}

bool ProofRow::within(double factor) const {
    return isWithin(ratio(), factor);
}

double Proof::share(double factor) const {
    return shareOf(rows, [factor](const ProofRow& row) { return row.within(factor); });
}

double Proof::objectiveShare(double factor) const {
    return shareOf(rows, [factor](const ProofRow& row) { return isWithin(row.objectiveRatio(), factor); });
}

TradeoffPlan proofPlan(const Advice& advice, int seeds) {
    TradeoffPlan plan = advice.plan;
    plan.seeds = plan.base.data.split < 1 ? 1 : seeds;
    return plan;
}

Proof proofOf(const Advice& advice, const TradeoffResults& results) {
    Proof proof;
    const auto add = [&](const AdvicePoint& point) {
        ProofRow row{point.setting, point.forecast.excess, 0, advice.optimum};
        std::vector<double> excesses;
        for (const auto& [run, result] : results.runs) {
            if (run.setting != point.setting)
                continue;
            const bool lost = result.status == RunStatus::Diverged || !std::isfinite(result.minimised());
            row.diverged += lost ? 1 : 0;
            excesses.push_back(lost ? HUGE_VAL : result.minimised() - advice.optimum);
        }
        row.runs = excesses.size();
        if (row.runs > 0) {
            std::ranges::sort(excesses);
            row.measured = (excesses[(row.runs - 1) / 2] + excesses[row.runs / 2]) / 2;
        }
        proof.rows.push_back(row);
    };
    add(advice.full);
    for (const AdvicePoint& point : advice.points)
        add(point);
    return proof;
}

nlohmann::json toJson(const Proof& proof) {
    nlohmann::json rows = nlohmann::json::array();
    for (const ProofRow& row : proof.rows) {
        rows.push_back({{"estimator", nameOf(row.setting.estimator)},
                        {"grid", nameOf(row.setting.grid)},
                        {"bits", row.setting.bits},
                        {"forecast_excess", row.forecast},
                        {"measured_excess", row.measured},
                        {"ratio", row.ratio()},
                        {"objective_ratio", row.objectiveRatio()},
                        {"runs", row.runs},
                        {"diverged", row.diverged}});
        if (!row.failure.empty())
            rows.back()["failure"] = row.failure;
    }
    return {{"rows", rows},
            {"share_within_factor_2", proof.share(2)},
            {"share_of_objectives_within_factor_2", proof.objectiveShare(2)}};
}

} // namespace zipml
