#include "ui/networks/network_curves.h"

#include <QLocale>

#include <algorithm>

namespace zipml::ui {
namespace {

Curve curveOf(const NetworkRun& run, const QString& quantity, CurveRole role) {
    Curve curve;
    curve.run = run.id;
    curve.name = run.name;
    curve.quantity = quantity;
    curve.role = role;
    return curve;
}

/// What a minibatch adds to x.
double unitOf(const NetworkRun& run, NetworkX x) {
    if (x == NetworkX::Iteration)
        return 1;
    if (run.setup->trainImages > 0)
        return run.setup->solver.batch / static_cast<double>(run.setup->trainImages);
    return run.epochs.empty() ? 0 : run.epochs.back().epoch / run.epochs.back().iteration; // not read yet
}

template <class Value>
void addEpochs(Curve& curve, const NetworkRun& run, NetworkX x, Value value) {
    for (const auto& epoch : run.epochs) {
        curve.x << epoch.iteration * unitOf(run, x);
        curve.y << value(epoch);
    }
}

template <class Add>
std::vector<Curve> ofVisible(const NetworkRuns& runs, Add add) {
    std::vector<Curve> curves;
    for (int row = 0; row < runs.size(); ++row)
        if (runs.at(row).visible && runs.at(row).setup)
            add(runs.at(row), curves);
    return curves;
}

QString axisLabel(NetworkX x) {
    return x == NetworkX::Iteration ? NetworkRuns::tr("Iterations (minibatches)")
                                    : NetworkRuns::tr("Epochs (passes over the training images)");
}

} // namespace

std::vector<Curve> networkLossCurves(const NetworkRuns& runs, NetworkX x) {
    return ofVisible(runs, [x](const NetworkRun& run, std::vector<Curve>& curves) {
        Curve train = curveOf(run, NetworkRuns::tr("training loss"), CurveRole::Main);
        for (const double iteration : run.loss.iterations())
            train.x << iteration * unitOf(run, x);
        train.y = run.loss.losses();
        Curve test = curveOf(run, NetworkRuns::tr("test loss"), CurveRole::Secondary);
        addEpochs(test, run, x, [](const auto& epoch) { return epoch.testLoss; });
        curves.push_back(std::move(train));
        curves.push_back(std::move(test));
    });
}

std::vector<Curve> networkAccuracyCurves(const NetworkRuns& runs, NetworkX x) {
    return ofVisible(runs, [x](const NetworkRun& run, std::vector<Curve>& curves) {
        Curve test = curveOf(run, NetworkRuns::tr("test accuracy (%)"), CurveRole::Main);
        addEpochs(test, run, x, [](const auto& epoch) { return 100 * epoch.testAccuracy; });
        Curve train = curveOf(run, NetworkRuns::tr("training accuracy (%)"), CurveRole::Secondary);
        addEpochs(train, run, x, [](const auto& epoch) { return 100 * epoch.trainAccuracy; });
        curves.push_back(std::move(test));
        curves.push_back(std::move(train));
    });
}

Axes networkLossAxes(NetworkX x) {
    Axes axes;
    axes.title = NetworkRuns::tr("Loss");
    axes.caption = NetworkRuns::tr("solid: training, mean of minibatches   dashed: test images");
    axes.xLabel = axisLabel(x);
    axes.yLabel = NetworkRuns::tr("Cross-entropy (nats)");
    return axes;
}

Axes networkAccuracyAxes(NetworkX x) {
    Axes axes;
    axes.title = NetworkRuns::tr("Accuracy");
    axes.caption = NetworkRuns::tr("solid: test images   dashed: training minibatches");
    axes.xLabel = axisLabel(x);
    axes.yLabel = NetworkRuns::tr("Recognized (%)");
    axes.logarithmic = false;
    axes.legend = false; // beside the other plot, and the table's colours
    return axes;
}

std::vector<Curve> layerCurves(const deep::LayerView& layer, std::size_t set, int color) {
    Curve bars;
    bars.run = color;
    bars.name = NetworkRuns::tr("weights");
    bars.quantity = NetworkRuns::tr("weights in the bin");
    bars.role = CurveRole::Bars;
    const double width = (layer.high - layer.low) / static_cast<double>(layer.counts.size());
    // An empty bin on each side closes the outline.
    bars.x << layer.low - width / 2;
    bars.y << 0;
    for (std::size_t bin = 0; bin < layer.counts.size(); ++bin) {
        bars.x << layer.low + width * (static_cast<double>(bin) + 0.5);
        bars.y << layer.counts[bin];
    }
    bars.x << layer.high + width / 2;
    bars.y << 0;
    std::vector<Curve> curves{std::move(bars)};
    if (set >= layer.levels.size())
        return curves;
    Curve levels;
    levels.run = kNoRun;
    levels.name = NetworkRuns::tr("levels");
    levels.quantity = levels.name;
    levels.role = CurveRole::Impulses;
    const double top = *std::ranges::max_element(curves[0].y);
    for (const float level : layer.levels[set]) {
        levels.x << level;
        levels.y << top;
    }
    curves.push_back(std::move(levels));
    return curves;
}

Axes layerAxes(const deep::LayerView& layer) {
    QStringList shape;
    for (const int each : layer.shape)
        shape << QString::number(each);
    Axes axes;
    axes.title = QString::fromStdString(layer.name);
    axes.caption = NetworkRuns::tr("%1 = %2 full-precision weights, as trained")
                       .arg(shape.join(" × "),
                            QLocale(QLocale::English).toString(static_cast<qulonglong>(layer.size())));
    if (!layer.levels.empty())
        axes.caption +=
            NetworkRuns::tr("; lines: the levels that they are rounded to (error %1% of the squares)")
                .arg(100 * layer.error, 0, 'f', 1);
    axes.xLabel = NetworkRuns::tr("Weight");
    axes.yLabel = NetworkRuns::tr("Weights in the bin");
    axes.logarithmic = false;
    axes.legend = false; // it would hide levels, and the caption says it
    return axes;
}

} // namespace zipml::ui
