#include "ui/networks/network_table_model.h"

#include "ui/widgets/panel_section.h"

#include <QLocale>

namespace zipml::ui {
namespace {

QString bytesText(std::uint64_t bytes) {
    return QLocale(QLocale::English).toString(static_cast<qulonglong>(bytes));
}

QString stateText(const NetworkRun& run) {
    const QString percent = QString::number(static_cast<int>(run.share * 100)) + "%";
    if (run.state == RunState::Running)
        return run.setup ? percent : run.phase;
    return run.state == RunState::Paused || run.state == RunState::Stopped
               ? titleOf(run.state) + " " + percent
               : titleOf(run.state);
}

QString toolTip(const NetworkRun& run) {
    QString text = QString::fromStdString(toCommandLine(run.spec));
    if (run.setup) {
        const auto& setup = *run.setup;
        text += NetworkRuns::tr("\n%1; minibatches of %2; learning rate %3; threads: %4")
                    .arg(QString::fromStdString(setup.data))
                    .arg(setup.solver.batch)
                    .arg(setup.solver.learningRate)
                    .arg(setup.threads);
        text +=
            NetworkRuns::tr("\n%1 parameters, %2 bytes as floats, %3 bytes stored (%4%)")
                .arg(bytesText(setup.parameters), bytesText(setup.floatBytes), bytesText(setup.storedBytes))
                .arg(100.0 * static_cast<double>(setup.storedBytes) / static_cast<double>(setup.floatBytes),
                     0, 'f', 1);
    }
    if (!run.epochs.empty())
        text += NetworkRuns::tr("\n%1 images/s; rounding error %2% of the weights' squares")
                    .arg(run.epochs.back().imagesPerSecond, 0, 'f', 0)
                    .arg(100 * run.epochs.back().quantizationError, 0, 'f', 1);
    return run.message.isEmpty() ? text : run.message + "\n\n" + text;
}

QString cellText(const NetworkRun& run, int column) {
    const deep::DeepEpoch* last = run.epochs.empty() ? nullptr : &run.epochs.back();
    switch (column) {
    case NetworkTableModel::Name:
        return run.name;
    case NetworkTableModel::Data:
        return run.setup ? QString::fromStdString(run.setup->data).section(':', 0, 0)
                         : QString::fromStdString(run.spec.data).section('/', -1);
    case NetworkTableModel::Network:
        return toQt(nameOf(run.spec.network));
    case NetworkTableModel::Weights:
        return toQt(nameOf(run.spec.weights));
    case NetworkTableModel::Levels:
        return run.spec.weights == deep::WeightMethod::Full ? QString("–") : QString::number(run.spec.levels);
    case NetworkTableModel::Iteration:
        return run.setup ? QString("%1 / %2").arg(run.iteration).arg(run.setup->solver.iterations)
                         : QString("–");
    case NetworkTableModel::TrainLoss:
        return run.loss.losses().isEmpty() ? QString("–") : QString::number(run.loss.losses().back(), 'f', 4);
    case NetworkTableModel::TestAccuracy:
        return last != nullptr ? QString::number(100 * last->testAccuracy, 'f', 1) + " %" : QString("–");
    case NetworkTableModel::Stored:
        return run.setup ? bytesText(run.setup->storedBytes) : QString("–");
    case NetworkTableModel::Floats:
        return run.setup ? bytesText(run.setup->floatBytes) : QString("–");
    case NetworkTableModel::Progress:
        return stateText(run);
    default:
        return {};
    }
}

constexpr TableColumn kColumns[] = {
    {QT_TR_NOOP("Run"), QT_TR_NOOP("Tick: shown in the plots. F2 or double-click: rename")},
    {QT_TR_NOOP("Data"), QT_TR_NOOP("Images that it is trained on")},
    {QT_TR_NOOP("Network"), QT_TR_NOOP("What is trained")},
    {QT_TR_NOOP("Weights"), QT_TR_NOOP("How the levels of weights are placed")},
    {QT_TR_NOOP("Levels"), QT_TR_NOOP("Values that a weight can have"), TableColumn::Number},
    {QT_TR_NOOP("Iteration"), QT_TR_NOOP("Minibatches so far / all"), TableColumn::Number},
    {QT_TR_NOOP("Train loss"),
     QT_TR_NOOP("Mean softmax cross-entropy of the last minibatches, natural logarithm"),
     TableColumn::Number},
    {QT_TR_NOOP("Accuracy"), QT_TR_NOOP("Share of test images that are recognized"), TableColumn::Number},
    {QT_TR_NOOP("Stored bytes"),
     QT_TR_NOOP("Of the parameters: rounded weights as level numbers, with the levels; others as floats"),
     TableColumn::Number},
    {QT_TR_NOOP("Float bytes"), QT_TR_NOOP("Of all parameters as 32-bit floats"), TableColumn::Number},
    {QT_TR_NOOP("Progress"), QT_TR_NOOP("Share of all iterations")},
};

} // namespace

NetworkTableModel::NetworkTableModel(NetworkRuns& runs, QObject* parent)
    : RunsTable(runs, kColumns, parent) {}

QString NetworkTableModel::text(const NetworkRun& run, int column) const {
    return cellText(run, column);
}

QString NetworkTableModel::tip(const NetworkRun& run) const {
    return toolTip(run);
}

} // namespace zipml::ui
