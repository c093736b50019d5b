#pragma once
/// From points to curves: loss against what it costs, and the Pareto front.

#include "ui/plot/curve.h"
#include "ui/tradeoffs/tradeoff_model.h"

namespace zipml::ui {

enum class TradeoffCost { Bytes, Seconds, Energy };
/// Loss against cost with the Pareto front; any two quantities; all of them at once.
enum class TradeoffView { Cost, Scatter, Parallel };
enum class TradeoffQuantity { Bits, Stored, Excess, Loss, Moved, Seconds, Energy };

/// How points are looked at.
struct TradeoffLook {
    TradeoffCost cost = TradeoffCost::Bytes;
    double tolerance = 0.01; ///< above full precision's loss
    double picojoulesPerBit = kDramPicojoulesPerBit;
    int selected = -1; ///< a row; -1: none
    TradeoffView view = TradeoffView::Cost;
    TradeoffQuantity x = TradeoffQuantity::Stored, y = TradeoffQuantity::Loss; ///< of Scatter
};

QString titleOf(TradeoffQuantity quantity);
/// NaN where the row has none: it has not run, or full precision has no bits.
double valueOf(const TradeoffRow& row, TradeoffQuantity quantity, const TradeoffLook& look);

/// In the cost's unit: MB, s, mJ.
double costOf(const TradeoffPoint& point, const TradeoffLook& look);
/// "4.9%", "× 247" from 10 times on, "diverged"; of a loss above full precision's.
QString excessText(double excess);

struct TradeoffCurves {
    std::vector<Curve> curves;
    std::vector<QVector<int>> rows; ///< of each curve's points; -1: of none
};
TradeoffCurves tradeoffCurves(const std::vector<TradeoffRow>& rows, const TradeoffLook& look);
Axes tradeoffAxes(const TradeoffLook& look, int seeds);
/// Any two quantities, a point a row.
TradeoffCurves scatterCurves(const std::vector<TradeoffRow>& rows, const TradeoffLook& look);
Axes scatterAxes(const TradeoffLook& look, const std::vector<Curve>& curves);

} // namespace zipml::ui
