#pragma once
/// Advice on bits: what each width, placement of levels and estimator is forecast to cost in loss on a
/// person's own data, and the least that keeps the loss within a tolerance.

#include "core/advise/columns.h"
#include "core/advise/forecast.h"

#include <string_view>

namespace zipml {

/// A setting and what is forecast of it.
struct AdvicePoint {
    TradeoffSetting setting;
    Forecast forecast;
    double overFull = 0; ///< objective over full precision's, less 1; infinite where it diverges
    double mostOver = 0; ///< the same of the worst draw of the roundings
};

struct Advice {
    TradeoffPlan plan; ///< what was asked; its seeds are of no meaning here
    std::string dataName;
    std::size_t rows = 0, features = 0;
    double optimum = 0;       ///< the least objective, as reported
    bool approximate = false; ///< the loss is not quadratic
    std::vector<ColumnRounding> columns;
    AdvicePoint full;
    std::vector<AdvicePoint> points;            ///< in the plan's order, full precision aside
    std::map<std::string, std::size_t> leftOut; ///< why, and how many
    /// Of each column's rounding variance on the objective; see Forecaster::sensitivity.
    Eigen::VectorXd sensitivity, sensitivityAsExact;
    double seconds = 0; ///< that it took, without reading the data
};

/// The estimators whose forecasts are worth comparing for a loss.
std::vector<EstimatorKind> advisedEstimators(LossKind loss);
/// Widths 1 to 8, uniform and optimal levels.
TradeoffPlan advicePlan(const RunSpec& base);

/// @param data of the plan's base @throws InputError with whyNoForecast, Cancelled
Advice advise(const TradeoffPlan& plan, const PreparedData& data, ThreadTeam& team, const Job& job = {});

/// The fewest bits of each estimator and placement whose forecast is within `tolerance` (0.01: 1%) of full
/// precision for every draw of the roundings, those that none suffices left out; of every width above, too. @return indices of points
std::vector<std::size_t> withinTolerance(const Advice& advice, double tolerance);
/// Of those the one with the fewest stored bits a value, of several the one with the lowest forecast.
std::optional<std::size_t> bestPoint(const Advice& advice, double tolerance);

/// Columns that may have the same width.
struct ColumnGroup {
    int bits = 0; ///< 0: constant, nothing to store
    std::vector<std::size_t> columns;
};
/// A width for each column, so that the forecast stays within the tolerance with the fewest bits in all: bits
/// go one by one to the column whose rounding costs most. The forecasts of the point's own width and the one
/// below are shared out among the columns by their rounding variance and its effect at the optimum. Groups by
/// rising bits.
std::vector<ColumnGroup> columnGroups(const Advice& advice, std::size_t point, double tolerance);

/// "Within 1% of full precision: Double sampling, optimal levels, 3 bits (4 stored a value, 8 times fewer
/// bytes); forecast 0.4%."
std::string sentenceOf(const Advice& advice, double tolerance);
/// "Double sampling, optimal levels, 3 bits"
std::string nameOf(const TradeoffSetting& setting);
/// "0.42%", "12%", "× 30" from 10 times on, "diverges". @param times the sign for "times"
std::string overText(double over, std::string_view times = "×");
/// "1 bit", "3 bits".
std::string bitsPhrase(int bits);
/// What to know where the loss is not quadratic; else empty.
std::string approximationNote(const Advice& advice);
/// "1%", "0.01". @throws InputError unless above 0 and at most 1000%
double parseTolerance(const std::string& text);

nlohmann::json toJson(const Advice& advice, double tolerance);

} // namespace zipml
