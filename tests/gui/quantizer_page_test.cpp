// The Quantizer page driven as a person would: mouse and keyboard on the levels, the table, the value that is
// rounded again and again.

#include "core/lab/prepare.h"
#include "core/loss/evaluate.h"
#include "core/quant/build_grids.h"
#include "tests/support/gui_test.h"
#include "ui/devices/devices_page.h"
#include "ui/quantizer/placement.h"
#include "ui/quantizer/quantizer_page.h"
#include "ui/quantizer/strategy_table_model.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>

#include <nlohmann/json.hpp>

#include <cmath>
#include <ctime>
#include <numeric>

using namespace zipml;

namespace {

/// A window at this page, with its first values there and all their levels placed.
struct Fixture {
    ui::MainWindow window;
    ui::QuantizerPage& page = window.page<ui::QuantizerPage>();
    ui::QuantizerModel& model = page.model();
    ui::LevelPlot& plot = page.valuePlot();

    Fixture() {
        window.resize(1280, 800);
        window.show();
        window.showPage("quantizer");
        settle();
    }
    void settle() {
        const bool idle = QTest::qWaitFor([this] { return model.values() != nullptr && !model.busy(); },
                                          static_cast<int>(60'000 * test::timeScale()));
        if (!idle)
            qFatal("values were not fetched");
        QTest::qWait(60); // plots are drawn, and controls laid out, from the event loop
    }
    template <class Widget>
    Widget& find(const char* name) const {
        auto* widget = page.findChild<Widget*>(name);
        if (widget == nullptr)
            qFatal("there is no %s", name);
        return *widget;
    }
    QPoint at(double value) const {
        return {static_cast<int>(std::lround(plot.plot()->xAxis->coordToPixel(value))),
                plot.plot()->axisRect()->center().y()};
    }
    void drag(std::size_t level, double to) const {
        const QPoint from = at(model.levels()[level]);
        QTest::mousePress(plot.plot(), Qt::LeftButton, {}, from);
        move((from + at(to)) / 2);
        move(at(to));
        QTest::mouseRelease(plot.plot(), Qt::LeftButton, {}, at(to));
    }
    void move(const QPoint& to) const {
        QMouseEvent event(QEvent::MouseMove, to, plot.plot()->mapToGlobal(to), Qt::NoButton, Qt::LeftButton,
                          Qt::NoModifier);
        QApplication::sendEvent(plot.plot(), &event);
    }
    /// The number in the table.
    double cell(int row, int column) const {
        return page.table().model()->index(row, column).data(ui::StrategyTableModel::kNumberRole).toDouble();
    }
    QAction* action(int index) const { return page.menuActions()[index]; }
    void chooseKind(ui::ValueKind kind) {
        auto& combo = find<QComboBox>("valueKind");
        combo.setCurrentIndex(combo.findData(static_cast<int>(kind)));
    }
};

enum Action { Undo, Redo, Reset, CopyJson, Use, CopyCsv };

/// docs/method.md#eq1, value by value.
double varianceOf(const SortedValues& values, const std::vector<double>& levels) {
    const Grid grid(levels);
    long double sum = 0;
    for (const float value : values.values())
        sum += grid.roundingVariance(double{value});
    return static_cast<double>(sum / static_cast<long double>(values.size()));
}

bool near(double a, double b) {
    return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

/// Processor time that this thread has taken.
double threadMilliseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

constexpr int kStrategies = 7;

} // namespace

class QuantizerPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void theTableHoldsWhatCoreComputes() {
        Fixture f;
        QCOMPARE(f.page.table().model()->rowCount(), kStrategies);
        for (const int bits : {3, 5}) {
            f.find<QSlider>("levelBitsSlider").setValue(bits);
            f.settle();
            const SortedValues& values = *f.model.values();
            const auto placed = [&](GridKind kind) {
                return ui::levelsOf(placeLevels(values.values(), {kind, 1024}, std::size_t{1} << bits));
            };
            const double uniform = varianceOf(values, placed(GridKind::Uniform));
            int row = 0;
            for (const auto& entry : ui::strategies()) {
                const auto levels = placed(entry.value);
                const double variance = varianceOf(values, levels);
                QCOMPARE(f.cell(row, ui::StrategyTableModel::Levels), static_cast<double>(levels.size()));
                QVERIFY(near(f.cell(row, ui::StrategyTableModel::MeanVariance), variance));
                QVERIFY(near(f.cell(row, ui::StrategyTableModel::Ratio), variance / uniform));
                QVERIFY(f.cell(1, ui::StrategyTableModel::MeanVariance) <= variance * (1 + 1e-12)); // optimal
                ++row;
            }
            QVERIFY(near(f.cell(0, ui::StrategyTableModel::UniformBits), bits));
            QVERIFY(f.cell(1, ui::StrategyTableModel::UniformBits) > bits);
        }
    }

    void aRowShowsItsLevels() {
        Fixture f;
        auto& table = f.page.table();
        const auto click = [&](int row) {
            QTest::mouseClick(table.viewport(), Qt::LeftButton, {},
                              table.visualRect(table.model()->index(row, 0)).center());
        };
        const auto optimal = f.model.levels();
        click(0);
        QCOMPARE(f.model.strategy(), GridKind::Uniform);
        const auto uniform = f.model.levels();
        QVERIFY(uniform != optimal);
        QVERIFY(near(uniform[1] - uniform[0], uniform[3] - uniform[2]));
        click(1);
        QVERIFY(f.model.levels() == optimal);
        table.setFocus();
        QTest::keyClick(&table, Qt::Key_Up);
        QVERIFY(f.model.levels() == uniform);
    }

    void draggingALevelChangesTheVariance() {
        Fixture f;
        const auto before = f.model.levels();
        const double to = (before[2] + before[3]) / 2;
        f.drag(2, to);
        const double pixel = f.plot.plot()->xAxis->range().size() / f.plot.plot()->axisRect()->width();
        QVERIFY(std::abs(f.model.levels()[2] - to) <= pixel);
        QCOMPARE(f.page.table().model()->rowCount(), kStrategies + 1);
        const double variance = varianceOf(*f.model.values(), f.model.levels());
        QVERIFY(near(f.cell(kStrategies, ui::StrategyTableModel::MeanVariance), variance));
        QVERIFY(variance > f.cell(1, ui::StrategyTableModel::MeanVariance)); // it was optimal
        QVERIFY(near(f.page.variancePlot().curves()[1].y[0], variance));
        QCOMPARE(f.page.table().currentIndex().row(), kStrategies);

        QVERIFY(f.action(Use)->isEnabled()); // as they are (levelsByHandAreTrainedWith)
        f.action(Undo)->trigger();           // the whole drag is one step
        QVERIFY(f.model.levels() == before);
        QCOMPARE(f.page.table().model()->rowCount(), kStrategies);
        QCOMPARE(f.model.strategy(), GridKind::Optimal);
        f.action(Redo)->trigger();
        QVERIFY(near(*f.model.meanVariance(), variance));

        const auto own = f.model.levels();
        f.page.table().selectRow(0); // a look at another strategy
        QVERIFY(f.model.levels() != own);
        f.page.table().selectRow(kStrategies);
        QVERIFY(f.model.levels() == own);
        f.action(Reset)->trigger();
        QVERIFY(!f.model.editor().edited());
    }

    // While a level is dragged, the box beside the mouse says where it is now.
    void theReadOutFollowsTheDraggedLevel() {
        Fixture f;
        const auto shown = [&]() -> const QCPItemText* {
            for (int i = 0; i < f.plot.plot()->itemCount(); ++i)
                if (const auto* item = qobject_cast<QCPItemText*>(f.plot.plot()->item(i)))
                    if (item->visible() && item->layer()->name() == "overlay" && !item->text().isEmpty())
                        return item;
            return nullptr;
        };
        const auto before = f.model.levels();
        const QPoint from = f.at(before[2]), to = f.at((before[2] + before[3]) / 2);
        QTest::mousePress(f.plot.plot(), Qt::LeftButton, {}, from);
        for (const QPoint& place : {(from + to) / 2, to}) {
            f.move(place);
            QVERIFY(shown() != nullptr);
            constexpr double kBeside = 20; // pixels
            QVERIFY(std::abs(shown()->position->pixelPosition().x() - place.x()) < kBeside);
            // It is the level that it names, not a bin of the histogram or another level beside it.
            const QString text = shown()->text();
            QVERIFY2(text.startsWith("level 3 of "), qPrintable(text));
            QVERIFY2(text.endsWith(QString::number(f.model.levels()[2], 'g', 6)), qPrintable(text));
        }
        // Also where the mouse is beyond the neighbour, which holds the level.
        f.move(f.at(before[5]));
        QVERIFY(shown()->text().endsWith(QString::number(f.model.levels()[2], 'g', 6)));
        QVERIFY(f.model.levels()[2] < before[4]);
        QTest::mouseRelease(f.plot.plot(), Qt::LeftButton, {}, to);
    }

    void endsAndNeighboursHold() {
        Fixture f;
        const auto before = f.model.levels();
        f.drag(0, before[1]);
        QVERIFY(f.model.levels() == before);
        f.drag(2, before[5]); // past its neighbour
        QVERIFY(f.model.levels()[2] < f.model.levels()[3]);
        QVERIFY(f.model.levels()[2] > before[2]);
    }

    void levelsByKeyboard() {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowActive(&f.window));
        f.plot.setFocus();
        const auto before = f.model.levels();
        QTest::keyClick(&f.plot, Qt::Key_Tab);
        QTest::keyClick(&f.plot, Qt::Key_Tab);
        QCOMPARE(f.plot.selected().value_or(99), 2UL);
        QTest::keyClick(&f.plot, Qt::Key_Right);
        const double coarse = f.model.levels()[2] - before[2];
        QVERIFY(coarse > 0);
        QTest::keyClick(&f.plot, Qt::Key_Right, Qt::ShiftModifier);
        const double fine = f.model.levels()[2] - before[2] - coarse;
        QVERIFY(fine > 0 && fine < coarse / 5);
        QVERIFY(near(f.cell(kStrategies, ui::StrategyTableModel::MeanVariance),
                     varianceOf(*f.model.values(), f.model.levels())));
        QTest::keyClick(&f.plot, Qt::Key_Insert);
        QCOMPARE(f.model.levels().size(), before.size() + 1);
        QCOMPARE(f.plot.selected().value_or(99), 3UL);
        QTest::keyClick(&f.plot, Qt::Key_Delete);
        QCOMPARE(f.model.levels().size(), before.size());
        QTest::keyClick(&f.plot, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.model.levels().size(), before.size() + 1);
        f.plot.select(2);
        QTest::keyClick(&f.plot, Qt::Key_Escape);
        QVERIFY(!f.plot.selected());
        QTest::keyClick(&f.plot, Qt::Key_Tab);
        QVERIFY(!f.plot.hasFocus());
        f.plot.setFocus();
        for (std::size_t i = 0; i + 1 < f.model.levels().size(); ++i)
            QTest::keyClick(&f.plot, Qt::Key_Tab);
        QVERIFY(!f.plot.hasFocus()); // past the last one
    }

    // The seed is fixed; with another the check fails once in 16,000.
    void aValueSettlesOnItself() {
        Fixture f;
        const auto& levels = f.model.levels();
        const double wanted = levels[2] + 0.3 * (levels[3] - levels[2]);
        QTest::mouseClick(f.plot.plot(), Qt::LeftButton, {}, f.at(wanted));
        QVERIFY(f.page.rounding().has_value());
        const double value = f.page.rounding()->value();
        QCOMPARE(f.page.rounding()->lower(), levels[2]);
        QCOMPARE(f.page.rounding()->upper(), levels[3]);
        QVERIFY(near(f.page.rounding()->upProbability(), (value - levels[2]) / (levels[3] - levels[2])));
        QVERIFY(f.find<QLabel>("outcome").text().contains("standard errors"));
        const std::size_t first = f.page.rounding()->draws();
        QVERIFY(QTest::qWaitFor([&] { return f.page.rounding()->draws() >= first + 3; }, 5000));
        QTest::mouseClick(&f.find<QPushButton>("pauseDraws"), Qt::LeftButton);
        const std::size_t paused = f.page.rounding()->draws();
        QTest::qWait(200);
        QCOMPARE(f.page.rounding()->draws(), paused);
        for (int i = 0; i < 10; ++i)
            QTest::mouseClick(&f.find<QPushButton>("manyDraws"), Qt::LeftButton);
        QCOMPARE(f.page.rounding()->draws(), paused + 10'000);
        const auto& curves = f.page.roundingPlot().curves();
        const double mean = curves[1].y.back();
        const double variance = (levels[3] - value) * (value - levels[2]);
        QVERIFY(std::abs(mean - value) <
                4 * std::sqrt(variance / static_cast<double>(f.page.rounding()->draws())));

        auto& how = f.find<QComboBox>("howToRound");
        how.setCurrentIndex(1);
        QTest::mouseClick(&f.find<QPushButton>("manyDraws"), Qt::LeftButton);
        QCOMPARE(f.page.roundingPlot().curves()[1].y.back(), levels[2]); // 30%: always down
        QVERIFY(f.find<QLabel>("outcome").text().contains("however many"));
    }

    void trainingDataAndItsFeatures() {
        Fixture f;
        RunSpec spec;
        spec.data.source = "synthetic:7x500";
        f.window.experiment().setSpec(spec);
        f.chooseKind(ui::ValueKind::TrainingData);
        f.settle();
        auto& feature = f.find<QComboBox>("feature");
        QCOMPARE(feature.count(), 8);
        QCOMPARE(f.model.values()->size(), 7UL * 500); // all at first
        feature.setCurrentIndex(feature.findText("x3"));
        f.settle();
        const auto prepared = prepareData(spec, {});
        ThreadTeam team(1);
        const SortedValues wanted(valuesOf(prepared->train, 2, 1000, team), team);
        QVERIFY(std::ranges::equal(f.model.values()->values(), wanted.values()));
        QVERIFY(f.model.chosen().title.contains("x3"));

        f.window.showPage("training"); // other data there is other data here
        spec.data.source = "synthetic:4x300";
        f.window.experiment().setSpec(spec);
        f.window.showPage("quantizer");
        f.settle();
        QCOMPARE(f.model.values()->size(), 300UL);
        QCOMPARE(feature.count(), 5);

        feature.setCurrentIndex(0);
        f.settle();
        f.find<QSpinBox>("levelBits").setValue(5);
        f.settle();
        f.action(Use)->trigger();
        const RunSpec used = f.window.experiment().spec();
        QCOMPARE(used.grid.kind, GridKind::Optimal);
        QCOMPARE(used.bits, 5);
        QVERIFY(used.sharedGrid);
    }

    // Dragged and added to, then trained: the run's levels are those on the screen, and its record names them.
    void levelsByHandAreTrainedWith() {
        Fixture f;
        RunSpec spec;
        spec.data.source = "synthetic:5x400";
        spec.data.scaling = ScalingKind::MinMax;
        spec.sgd.epochs = 3;
        spec.bits = 2;
        f.window.experiment().setSpec(spec);
        f.chooseKind(ui::ValueKind::TrainingData);
        f.settle();
        auto& feature = f.find<QComboBox>("feature");
        feature.setCurrentIndex(feature.findData(0));
        f.settle();
        f.find<QSpinBox>("levelBits").setValue(2);
        f.settle();
        f.drag(1, f.model.levels()[1] + 0.25 * (f.model.levels()[2] - f.model.levels()[1]));
        f.plot.setFocus();
        QTest::keyClick(&f.plot, Qt::Key_Insert); // a fifth one: 2 bits do not tell them apart
        const std::vector<double> wanted = f.model.levels();
        QCOMPARE(wanted.size(), std::size_t(5));
        f.action(Use)->trigger();
        const RunSpec used = f.window.experiment().spec();
        QCOMPARE(used.grid.kind, GridKind::Given);
        QVERIFY(used.grid.levels == wanted);
        QCOMPARE(used.bits, 3);
        auto& page = f.window.page<ui::TrainingPage>();
        auto* grid = page.panel().findChild<QComboBox*>("grid");
        QCOMPARE(grid->currentText(), QString("Placed by hand"));

        f.window.experiment().start();
        QVERIFY(test::waitUntilIdle(page));
        const ui::RunView& run = page.runs().at(0);
        QCOMPARE(run.state, ui::RunState::Finished);
        QVERIFY2(run.name.contains("5 given levels"), qPrintable(run.name));
        QCOMPARE(run.setup->levelsUsed, 5.0);
        QVERIFY(specFromJson(toJson(*run.record)["spec"]).grid == used.grid);
        // The variance of the feature that was looked at is the one on the screen.
        ThreadTeam team(1);
        const auto prepared = prepareData(used, {});
        const auto grids = buildGrids(prepared->train, used.grid, used.bits, used.sharedGrid, team);
        const double variance = meanRoundingVariance(prepared->train, grids, team)[0];
        QVERIFY(std::abs(variance - *f.model.meanVariance()) <= 1e-5 * variance); // training's are floats
        // Another grid and back: the levels are still there.
        grid->setCurrentIndex(grid->findData(static_cast<int>(GridKind::Uniform)));
        QVERIFY(f.window.experiment().spec().grid.levels.empty());
        grid->setCurrentIndex(grid->findData(static_cast<int>(GridKind::Given)));
        QVERIFY(f.window.experiment().spec().grid == used.grid);
    }

    void modelAndGradientOfARun() {
        Fixture f;
        f.chooseKind(ui::ValueKind::Model);
        QVERIFY(f.find<QLabel>("valuesNote").text().contains("Training page"));
        QVERIFY(f.model.values() == nullptr && f.plot.curves().empty()); // nothing else is shown instead
        QCOMPARE(f.page.table().model()->index(1, 2).data().toString(), QString("–"));
        QVERIFY(!f.page.rounding() && !f.action(CopyJson)->isEnabled());
        RunSpec spec;
        spec.data.source = "synthetic:12x400";
        spec.sgd.epochs = 3;
        f.window.experiment().startAll({spec});
        QVERIFY(test::waitUntilIdle(f.window.page<ui::TrainingPage>()));
        f.settle();
        QTRY_COMPARE(f.model.values()->size(), 12UL);
        const LinearParameters& model =
            f.window.page<ui::TrainingPage>().runs().at(0).record->model.parameters;
        QCOMPARE(f.model.values()->low(), double{static_cast<float>(model.weights.minCoeff())});
        f.chooseKind(ui::ValueKind::Gradient);
        f.settle();
        ThreadTeam team(1);
        const auto gradient = meanGradient(prepareData(spec, {})->train, Loss{}, model, team);
        QCOMPARE(f.model.values()->high(), double{static_cast<float>(gradient.weights.maxCoeff())});
    }

    void viewsAndCopies() {
        Fixture f;
        const auto sumOf = [&](double factor) {
            const auto& bars = f.plot.curves()[0];
            return std::accumulate(bars.y.begin(), bars.y.end(), 0.0) * factor;
        };
        QCOMPARE(sumOf(1), static_cast<double>(f.model.values()->size()));
        auto& view = f.find<QComboBox>("valueView");
        view.setCurrentIndex(1);
        const auto& bars = f.plot.curves()[0];
        QVERIFY(std::abs(sumOf(bars.x[2] - bars.x[1]) - 1) < 1e-9); // a density
        view.setCurrentIndex(2);
        QVERIFY(f.plot.curves()[0].y.back() > 0.9999);
        f.find<QCheckBox>("valuesLogarithmic").click();
        QCOMPARE(f.plot.plot()->yAxis->scaleType(), QCPAxis::stLogarithmic);

        f.action(CopyJson)->trigger();
        const auto copied = nlohmann::json::parse(QApplication::clipboard()->text().toStdString());
        QVERIFY(copied["levels"].get<std::vector<double>>() == f.model.levels());
        QCOMPARE(copied["mean variance"].get<double>(), *f.model.meanVariance());
        f.action(CopyCsv)->trigger();
        const auto lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
        QCOMPARE(static_cast<std::size_t>(lines.size()), f.model.levels().size() + 1);
        QCOMPARE(lines[3].toDouble(), f.model.levels()[2]);
    }

    void zoomShowsFinerBins() {
        Fixture f;
        const auto widthOf = [&] { return f.plot.curves()[0].x[2] - f.plot.curves()[0].x[1]; };
        const double before = widthOf();
        f.plot.setFocus();
        for (int i = 0; i < 8; ++i)
            QTest::keyClick(&f.plot, Qt::Key_Plus);
        QTRY_VERIFY(widthOf() < before / 2);
        QCOMPARE(f.page.variancePlot().plot()->xAxis->range(), f.plot.plot()->xAxis->range());
        f.page.variancePlot().fit(); // of either plot
        QTRY_VERIFY(near(widthOf(), before));
        QCOMPARE(f.page.variancePlot().plot()->xAxis->range(), f.plot.plot()->xAxis->range());
    }

    // 5 million values: an update, with both plots redrawn, keeps the GUI thread busy for less than a frame.
    // Its own processor time counts: the machine may do other things meanwhile.
    void fiveMillionValuesAreDragged() {
        Fixture f;
        auto& count = f.find<QComboBox>("valueCount");
        count.setCurrentIndex(count.findData(5'000'000));
        QVERIFY(QTest::qWaitFor(
            [&] { return f.model.values()->size() == 5'000'000 && !f.model.levels().empty(); },
            static_cast<int>(60'000 * test::timeScale())));
        const auto levels = f.model.levels();
        f.model.editor().beginDrag();
        std::vector<double> times;
        for (int i = 0; i < 50; ++i) {
            const double begin = threadMilliseconds();
            f.model.editor().move(2, levels[2] + (levels[3] - levels[2]) * i / 60.0);
            f.model.levelsEdited();
            f.plot.plot()->replot();
            f.page.variancePlot().plot()->replot();
            times.push_back(threadMilliseconds() - begin);
        }
        std::ranges::sort(times);
        qInfo("an update takes %.2f ms (median), %.2f ms (slowest)", times[25], times.back());
        QVERIFY(times[25] < 16 * test::timeScale());
        QVERIFY(near(f.cell(kStrategies, ui::StrategyTableModel::MeanVariance),
                     varianceOf(*f.model.values(), f.model.levels())));
    }

    // From the first control on, Tab comes by every other one, levels included.
    void everyControlIsReachedByTab() {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowActive(&f.window));
        QSet<QWidget*> reached;
        for (int i = 0; i < 80; ++i) {
            QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : &f.window,
                            Qt::Key_Tab);
            reached << QApplication::focusWidget();
        }
        for (const char* name : {"valueKind", "distribution", "valueCount", "levelBits", "levelBitsSlider",
                                 "insertLevel", "pickedValue", "howToRound", "pauseDraws", "manyDraws",
                                 "valueView", "valuesLogarithmic", "strategies"})
            QVERIFY2(reached.contains(f.page.findChild<QWidget*>(name)), name);
        for (QWidget* plot : {static_cast<QWidget*>(&f.plot), static_cast<QWidget*>(&f.page.variancePlot()),
                              static_cast<QWidget*>(&f.page.roundingPlot())})
            QVERIFY2(reached.contains(plot), qPrintable(plot->accessibleName()));
    }

    void everyControlHasANameAndFits() {
        Fixture f;
        for (auto* control : f.page.findChildren<QWidget*>()) {
            const bool operated =
                qobject_cast<QAbstractButton*>(control) || qobject_cast<QComboBox*>(control) ||
                qobject_cast<QAbstractSpinBox*>(control) || qobject_cast<QAbstractSlider*>(control) ||
                qobject_cast<QTableView*>(control) || qobject_cast<ui::LivePlot*>(control);
            if (!operated || !control->isVisibleTo(&f.page) || qobject_cast<QScrollBar*>(control) ||
                control->objectName().startsWith("qt_") || control->inherits("QTableCornerButton"))
                continue;
            const QString what = QString(control->metaObject()->className()) + " " + control->objectName();
            QVERIFY2(!control->accessibleName().isEmpty() ||
                         (qobject_cast<QAbstractButton*>(control) &&
                          !static_cast<QAbstractButton*>(control)->text().isEmpty()),
                     qPrintable(what));
            const QSize least = control->minimumSizeHint();
            QVERIFY2(control->width() >= least.width() && control->height() >= least.height(),
                     qPrintable(what + QString(": %1 x %2, not %3 x %4")
                                           .arg(control->width())
                                           .arg(control->height())
                                           .arg(least.width())
                                           .arg(least.height())));
            const QRect inWindow(control->mapTo(&f.window, QPoint(0, 0)), control->size());
            QVERIFY2(inWindow.right() <= f.window.width() && inWindow.bottom() <= f.window.height(),
                     qPrintable(what));
        }
        for (auto* label : f.page.findChildren<QLabel*>())
            if (label->isVisibleTo(&f.page) && !label->wordWrap())
                QVERIFY2(label->width() >= label->sizeHint().width(), qPrintable(label->text()));
    }
};

QTEST_MAIN(QuantizerPageTest)
#include "quantizer_page_test.moc"
