#pragma once
/// From runs to curves: what the loss plot and the bias plot show.

#include "core/lab/run_record.h"
#include "ui/plot/curve.h"

#include <map>

namespace zipml::ui {

/// A run as far as it has come.
struct RunCurveData {
    int run = 0; ///< decides colour and marker
    QString name;
    std::optional<double> optimumLoss;
    const EpochRecord* initial = nullptr;
    const std::vector<EpochRecord>* epochs = nullptr;
};

enum class XAxis { Epoch, MegabytesMoved, Seconds };
enum class SecondPlot { Bias, Variance, DistanceToOptimum };

std::vector<Curve> lossCurves(const std::vector<RunCurveData>& runs, XAxis xAxis);
std::vector<Curve> secondCurves(const std::vector<RunCurveData>& runs, XAxis xAxis, SecondPlot what);
/// Notes at the ends of epochs, on the training loss. @param texts by epoch; those that the run has not
/// reached are left out
Curve noteCurve(const RunCurveData& run, XAxis xAxis, const std::map<int, QString>& texts);
Axes lossAxes(XAxis xAxis);
Axes secondAxes(XAxis xAxis, SecondPlot what);

} // namespace zipml::ui
