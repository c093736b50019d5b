#pragma once
/// From points to curves: loss against what it costs, and the Pareto front.

#include "ui/plot/curve.h"
#include "ui/tradeoffs/tradeoff_model.h"

namespace zipml::ui {

enum class TradeoffCost { Bytes, Seconds, Energy };

/// How points are looked at.
struct TradeoffLook {
    TradeoffCost cost = TradeoffCost::Bytes;
    double tolerance = 0.01; ///< above full precision's loss
    double picojoulesPerBit = kDramPicojoulesPerBit;
    int selected = -1; ///< a row; -1: none
};

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

} // namespace zipml::ui
