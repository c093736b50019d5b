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
    LossKind loss = LossKind::LeastSquares;
    std::optional<double> optimumLoss;
    const EpochRecord* initial = nullptr;
    const std::vector<EpochRecord>* epochs = nullptr;
    const std::vector<EpochRecord>* steps = nullptr; ///< inside of epochs; null: none
    bool diverged = false;
    double fullSeconds = 0; ///< that full precision takes for an epoch on the same data; 0: not known
    double fullBytes = 0;   ///< and that it moves
};

/// What the training curve shows: the loss, or with the regularizer what is minimised.
enum class TrainingCurve { Loss, Objective };
enum class XAxis { Epoch, MegabytesMoved, Seconds };
enum class SecondPlot {
    Bias,
    Variance,
    DistanceToOptimum,
    Accuracy,
    RefetchRate,
    OutsideShare,
    ModelSpread,
    GradientSpread,
    TimesFaster, ///< these two against full precision, an epoch
    TimesLessData
};

/// The states of a run in the order of its curves' points: the initial one, then epochs with steps between.
std::vector<const EpochRecord*> statesOf(const RunCurveData& run);

/// The axes make room for what a run that diverged had before it left the others far behind; without others,
/// for everything.
void fitTheOthers(std::vector<Curve>& curves);

/// "mean squared error", "logistic loss".
QString lossName(LossKind loss);
/// Whether it is held against full precision.
bool isSaving(SecondPlot what);
/// Whether it is a share of rows, which can be 0: its axis is linear.
bool isShare(SecondPlot what);
/// What a plot without curves says: where they would come from.
QString secondEmptyText(SecondPlot what);

std::vector<Curve> lossCurves(const std::vector<RunCurveData>& runs, XAxis xAxis,
                              TrainingCurve shows = TrainingCurve::Loss);
std::vector<Curve> secondCurves(const std::vector<RunCurveData>& runs, XAxis xAxis, SecondPlot what);
/// Notes at the ends of epochs, on the training curve. @param texts by epoch; those that the run has not
/// reached are left out
Curve noteCurve(const RunCurveData& run, XAxis xAxis, TrainingCurve shows,
                const std::map<int, QString>& texts);
/// Named by the loss that all runs minimise; without runs, least squares.
Axes lossAxes(const std::vector<RunCurveData>& runs, XAxis xAxis);
Axes secondAxes(XAxis xAxis, SecondPlot what);

} // namespace zipml::ui
