#pragma once
/// What is done to curves before they are shown: smoothing, runs that differ in their seed as one, losses
/// relative to the optimum.

#include "ui/plot/curve.h"

#include <map>

namespace zipml::ui {

/// The main curves as exponential moving averages over their points; what was measured stays, faint.
/// @param weight of what came before, [0, 1); corrected for the start (Kingma and Ba, Adam, section 3)
std::vector<Curve> smoothed(const std::vector<Curve>& curves, double weight);

/// Runs that are shown as one.
struct RunGroup {
    int run;      ///< whose colour it has
    QString name; ///< for the legend
    int runs;     ///< how many there are
};

/// A group's curves of one quantity become their mean with the band from least to greatest, as far as the
/// longest has come: of those that have come as far. @param groups of the runs; groups of one, and runs without, stay as they are
std::vector<Curve> seedBands(const std::vector<Curve>& curves, const std::map<int, RunGroup>& groups);

/// y / optimum - 1. @param optima of the runs; curves of runs without are left out
std::vector<Curve> aboveOptimum(std::vector<Curve> curves, const std::map<int, double>& optima);

} // namespace zipml::ui
