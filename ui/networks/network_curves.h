#pragma once
/// From runs of networks to curves.

#include "ui/networks/network_runs.h"
#include "ui/plot/curve.h"

namespace zipml::ui {

enum class NetworkX { Iteration, Epoch };

/// Training loss, and dashed the test images'. Of the runs that are visible.
std::vector<Curve> networkLossCurves(const NetworkRuns& runs, NetworkX x);
/// Test accuracy in percent, and dashed the training images'.
std::vector<Curve> networkAccuracyCurves(const NetworkRuns& runs, NetworkX x);
Axes networkLossAxes(NetworkX x);
Axes networkAccuracyAxes(NetworkX x);

/// A layer's weights as bars, with the levels of one of its sets. @param color of the run
std::vector<Curve> layerCurves(const deep::LayerView& layer, std::size_t set, int color);
Axes layerAxes(const deep::LayerView& layer);

} // namespace zipml::ui
