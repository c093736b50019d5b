// The table of runs: found by a line, sorted, taken together, held against a baseline, and linked with the
// plots.

#include "tests/support/gui_test.h"
#include "tests/support/past_runs.h"
#include "ui/runs/filter_box.h"
#include "ui/runs/run_table.h"
#include "ui/session/session_state.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include <map>
#include <set>

using namespace zipml;
using test::pastRun;
using test::specWith;
using Table = ui::RunTableModel;

namespace {

struct Fixture {
    ui::ExperimentModel experiment;
    ui::TrainingPage page{experiment};
    ui::RunTable& table = page.runTable();
    QTableView& view = table.view();
    ui::RunList& runs = experiment.runs();

    explicit Fixture(std::vector<ui::RunView> views = {}) {
        runs.add(std::move(views));
        page.resize(1400, 800);
        page.show();
    }
    [[nodiscard]] QString cell(int row, int column) const {
        return view.model()->index(row, column).data().toString();
    }
    [[nodiscard]] QStringList names() const {
        QStringList all;
        for (int row = 0; row < view.model()->rowCount(); ++row)
            all << cell(row, Table::Name);
        return all;
    }
    void type(const QString& line) {
        auto* edit = table.findChild<QLineEdit*>("filter");
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, line);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    [[nodiscard]] QString said() const { return table.findChild<QLabel*>("filterSaid")->toolTip(); }
    [[nodiscard]] QStringList settingColumns() const {
        QStringList shown;
        for (int column = Table::FirstSetting; column < view.model()->columnCount(); ++column)
            if (!view.isColumnHidden(column))
                shown << Table::keyOf(column);
        return shown;
    }
    void click(int column) const {
        auto* header = view.horizontalHeader();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          {header->sectionViewportPosition(column) + 12, header->height() / 2});
    }
    void group(const QString& title) {
        auto* combo = table.findChild<QComboBox*>("groups");
        const int index = combo->findText(title);
        QVERIFY2(index >= 0, qPrintable(title));
        combo->setCurrentIndex(index);
        emit combo->activated(index);
    }
};

/// 3 and 4 bits, three seeds each.
std::vector<ui::RunView> sixRuns() {
    std::vector<ui::RunView> views;
    for (const int bits : {3, 4})
        for (const std::uint64_t seed : {1U, 2U, 3U})
            views.push_back(pastRun(specWith(bits, seed), 0.1 / bits + 0.01 * static_cast<double>(seed)));
    return views;
}

} // namespace

class RunTableTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }
    void init() { QSettings().clear(); }

    void namesSayWhatDiffers() {
        Fixture f;
        f.experiment.setSpec(specWith(3));
        test::actionNamed(f.page, "Start")->trigger();
        f.experiment.setSpec(specWith(3, 1, 0.001));
        test::actionNamed(f.page, "Start")->trigger();
        f.experiment.setSpec(specWith(3, 2, 0.001));
        test::actionNamed(f.page, "Start")->trigger();
        QCOMPARE(f.names(), (QStringList{"Double sampling, 3 bits", "Double sampling, 3 bits, step 0.001",
                                         "Double sampling, 3 bits, step 0.001, seed 2"}));
        QVERIFY(test::waitUntilIdle(f.page));
    }

    // Nine runs: the row shows the colour that the curves have, the estimator's, and no two rows look alike.
    void swatchesAndCurvesFollowTheEstimator() {
        std::vector<ui::RunView> views;
        for (const auto estimator : {EstimatorKind::Full, EstimatorKind::Double, EstimatorKind::Corrected})
            for (const int bits : {8, 4, 3, 2}) {
                RunSpec spec = specWith(bits);
                spec.estimator = estimator;
                if (estimator != EstimatorKind::Full || bits == 8)
                    views.push_back(pastRun(spec, 0.1 / bits));
            }
        const Fixture f(std::move(views));
        QTRY_VERIFY(f.page.lossPlot().curves().size() >= 9);
        const auto colors = ui::PlotColors::ofApplication();
        std::set<QByteArray> pictures;
        std::map<EstimatorKind, std::set<int>> ofEstimator;
        for (int row = 0; row < f.runs.size(); ++row) {
            const ui::RunView& run = f.runs.at(row);
            const auto icon = f.view.model()->index(row, Table::Name).data(Qt::DecorationRole).value<QIcon>();
            const QImage image = icon.pixmap(14, 14).toImage().convertToFormat(QImage::Format_ARGB32);
            pictures.insert({reinterpret_cast<const char*>(image.constBits()), image.sizeInBytes()});
            QCOMPARE(image.pixelColor(7, 7).rgba(), colors.run(run.look.color, run.look.shade).rgba());
            ofEstimator[run.spec.estimator].insert(run.look.color);
            for (const auto& curve : f.page.lossPlot().curves())
                if (curve.run == run.id && curve.role == ui::CurveRole::Main)
                    QCOMPARE(ui::colorOf(curve, colors), colors.run(run.look.color, run.look.shade));
        }
        QCOMPARE(pictures.size(), 9U);
        QCOMPARE(ofEstimator.size(), 3U);
        for (const auto& [estimator, used] : ofEstimator)
            QCOMPARE(used.size(), 1U);
    }

    void aLineFindsRuns() {
        Fixture f(sixRuns());
        f.type("bits<4 seed=1,3");
        QCOMPARE(f.names(), (QStringList{"Double sampling, 3 bits", "Double sampling, 3 bits, seed 3"}));
        QCOMPARE(f.said(), "2 of 6 runs");
        f.type("test_loss>0.06"); // as the table shows it: 0.0697 and 0.0605
        QCOMPARE(f.names().size(), 2);
        // What is wrong is said, and the runs stay as they were found.
        f.type("bist<4");
        QVERIFY2(f.said().contains("did you mean bits?"), qPrintable(f.said()));
        QCOMPARE(f.names().size(), 2);
        f.type("nothing-like-it");
        QCOMPARE(f.names(), QStringList());
        f.table.findChild<QLineEdit*>("filter")->clear();
        QCOMPARE(f.names().size(), 6);
        QCOMPARE(f.said(), "");
    }

    // Actions are for the run in the row, wherever it stands in the list.
    void whatIsFoundIsWhatIsActedOn() {
        Fixture f(sixRuns());
        f.type("bits=4 seed=2");
        f.view.selectRow(0);
        test::actionNamed(f.page, "Use its settings")->trigger();
        QCOMPARE(f.experiment.spec().bits, 4);
        QCOMPARE(f.experiment.spec().seed, 2U);
        test::actionNamed(f.page, "Remove")->trigger();
        QCOMPARE(f.runs.size(), 5);
        for (int row = 0; row < f.runs.size(); ++row)
            QVERIFY(f.runs.at(row).spec.bits != 4 || f.runs.at(row).spec.seed != 2);
    }

    void aHeaderSorts() {
        Fixture f(sixRuns());
        const auto losses = [&] {
            std::vector<double> all;
            for (int row = 0; row < f.view.model()->rowCount(); ++row)
                all.push_back(f.cell(row, Table::TrainLoss).toDouble());
            return all;
        };
        const auto before = losses();
        f.click(Table::TrainLoss);
        auto now = losses();
        QVERIFY(std::ranges::is_sorted(now));
        QVERIFY(now != before);
        f.click(Table::TrainLoss);
        QVERIFY(std::ranges::is_sorted(losses(), std::greater{}));
        f.click(Table::TrainLoss); // as they were started
        QCOMPARE(losses(), before);
    }

    // Rows do not jump while runs train, and the selection stays with its run.
    void theSelectionFollowsItsRun() {
        Fixture f(sixRuns());
        f.view.selectRow(4);
        const QString name = f.cell(4, Table::Name);
        f.click(Table::TrainLoss);
        const auto rows = f.view.selectionModel()->selectedRows();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(f.cell(rows[0].row(), Table::Name), name);
        f.type("bits=4");
        QCOMPARE(f.cell(f.view.selectionModel()->selectedRows().value(0).row(), Table::Name), name);
    }

    void onlySettingsThatDifferAreColumns() {
        Fixture f;
        f.runs.add({pastRun(specWith(3), 0.1)});
        QCOMPARE(f.settingColumns(), QStringList());
        QVERIFY(f.view.isColumnHidden(Table::Bits));
        f.runs.add({pastRun(specWith(4, 2, 0.001), 0.1)});
        QCOMPARE(f.settingColumns(), (QStringList{"step", "seed"}));
        QVERIFY(!f.view.isColumnHidden(Table::Bits));
        QVERIFY(f.view.isColumnHidden(Table::Estimator));
        const int step = Table::columnOf(settingIndex("step"));
        QCOMPARE(f.cell(0, step), "auto");
        QCOMPARE(f.cell(1, step), "0.001");
        // Beside the names, and with a title in words.
        QVERIFY(f.view.horizontalHeader()->visualIndex(step) <
                f.view.horizontalHeader()->visualIndex(Table::Epoch));
        QCOMPARE(f.view.model()
                     ->headerData(Table::columnOf(settingIndex("model_bits")), Qt::Horizontal)
                     .toString(),
                 "Model bits");
        f.runs.remove({1});
        QCOMPARE(f.settingColumns(), QStringList());
    }

    void columnsAreChosenAndRemembered() {
        const auto actionOf = [](QMenu& menu, const QString& title) -> QAction* {
            for (auto* action : menu.findChildren<QAction*>())
                if (action->text() == title)
                    return action;
            return nullptr;
        };
        {
            Fixture f(sixRuns());
            auto* menu = f.table.findChild<QToolButton*>("columns")->menu();
            emit menu->aboutToShow();
            QVERIFY(actionOf(*menu, "Only what differs")->isChecked());
            actionOf(*menu, "Batch")->trigger();
            emit menu->aboutToShow();
            actionOf(*menu, "Bias")->trigger();
            QCOMPARE(f.settingColumns(), (QStringList{"batch", "seed"}));
            QVERIFY(f.view.isColumnHidden(Table::Bias));
        }
        Fixture f(sixRuns());
        QCOMPARE(f.settingColumns(), (QStringList{"batch", "seed"}));
        QVERIFY(f.view.isColumnHidden(Table::Bias));
        auto* menu = f.table.findChild<QToolButton*>("columns")->menu();
        emit menu->aboutToShow();
        actionOf(*menu, "Only what differs")->trigger();
        QCOMPARE(f.settingColumns(), QStringList{"seed"});
        QVERIFY(!f.view.isColumnHidden(Table::Bias));
    }

    void seedsAreOneRowWithMeanAndDeviation() {
        Fixture f(sixRuns());
        f.group("Seeds together");
        QCOMPARE(f.names(),
                 (QStringList{"▸ Double sampling, 3 bits, 3 seeds", "▸ Double sampling, 4 bits, 3 seeds"}));
        // 0.1 / 3 + 0.02 and the deviation of 0.01, 0.02, 0.03
        QCOMPARE(f.cell(0, Table::TrainLoss), "0.05333 ± 0.01");
        QCOMPARE(f.cell(0, Table::Bits), "3");
        QCOMPARE(f.cell(0, Table::columnOf(settingIndex("seed"))), "…");
        // The keyboard unfolds it.
        f.view.setFocus();
        f.view.selectRow(0);
        QTest::keyClick(&f.view, Qt::Key_Right);
        QCOMPARE(f.names().size(), 5);
        QCOMPARE(f.names()[3].trimmed(), "Double sampling, 3 bits, seed 3");
        QVERIFY(f.names()[0].startsWith("▾"));
        QTest::keyClick(&f.view, Qt::Key_Left);
        QCOMPARE(f.names().size(), 2);
        // What is done to the row is done to all of its runs.
        QCOMPARE(f.table.selected(), (QList<int>{0, 1, 2}));
        f.view.model()->setData(f.view.model()->index(0, 0), Qt::Unchecked, Qt::CheckStateRole);
        for (int run = 0; run < 6; ++run)
            QCOMPARE(f.runs.at(run).visible, run > 2);
        f.runs.setVisible(0, true);
        QCOMPARE(f.view.model()->index(0, 0).data(Qt::CheckStateRole).toInt(), int(Qt::PartiallyChecked));
    }

    void anySettingGroups() {
        Fixture f(sixRuns());
        f.group("By seed");
        QCOMPARE(f.names(), (QStringList{"▸ seed 1, 2 runs", "▸ seed 2, 2 runs", "▸ seed 3, 2 runs"}));
        f.type("bits=4");
        QCOMPARE(f.names(), (QStringList{"▸ seed 1, 1 run", "▸ seed 2, 1 run", "▸ seed 3, 1 run"}));
        f.group("None");
        QCOMPARE(f.names().size(), 3);
    }

    void numbersAreHeldAgainstTheBaseline() {
        Fixture f({pastRun(specWith(3), 0.2), pastRun(specWith(4), 0.1), pastRun(specWith(5), 4.0)});
        f.view.selectRow(0);
        f.table.baselineAction()->trigger();
        QCOMPARE(f.cell(0, Table::TrainLoss), "0.2");
        QCOMPARE(f.cell(1, Table::TrainLoss), "0.1 (−50 %)");
        QCOMPARE(f.cell(2, Table::TrainLoss), "4 (×20)");
        QCOMPARE(f.cell(1, Table::Moved), "16.00 (+33 %)");
        QCOMPARE(f.cell(1, Table::SecondsPerEpoch), "0.01 (same)");
        QVERIFY(f.cell(0, Table::Name).endsWith("baseline"));
        QVERIFY(f.view.model()->index(1, Table::Bits).data(Qt::FontRole).value<QFont>().bold()); // differs
        // Sorting is by the numbers, not by their texts.
        f.click(Table::TrainLoss);
        QCOMPARE(f.cell(0, Table::TrainLoss), "0.1 (−50 %)");
        // It stays with its run, and goes with it.
        QCOMPARE(f.table.baselineAction()->text(), "No baseline");
        f.runs.remove({0});
        QCOMPARE(f.cell(0, Table::TrainLoss), "0.1");
    }

    // Its curves are heavier than others, and the legend says whose they are; plots follow in a later turn.
    void theBaselineIsMarkedInThePlots() {
        Fixture f({pastRun(specWith(3), 0.2), pastRun(specWith(4), 0.1)});
        auto& plot = f.page.lossPlot();
        const auto widthOf = [&](int run) {
            double width = 0;
            for (std::size_t i = 0; i < plot.curves().size(); ++i)
                if (plot.curves()[i].run == run && plot.curves()[i].role == ui::CurveRole::Main)
                    width = plot.plot()->graph(static_cast<int>(i))->pen().widthF();
            return width;
        };
        const auto inLegend = [&] {
            QStringList texts;
            for (int i = 0; i < plot.plot()->legend->itemCount(); ++i)
                if (auto* item = qobject_cast<QCPPlottableLegendItem*>(plot.plot()->legend->item(i)))
                    texts << item->plottable()->name();
            return texts;
        };
        const int one = f.runs.at(0).id, other = f.runs.at(1).id;
        QTRY_COMPARE(widthOf(one), widthOf(other));
        f.view.selectRow(0);
        f.table.baselineAction()->trigger();
        f.view.clearSelection(); // which is broad too
        QTRY_VERIFY(widthOf(one) >= widthOf(other) + 1);
        QTRY_COMPARE(inLegend(),
                     (QStringList{"Double sampling, 3 bits – baseline", "Double sampling, 4 bits"}));
        // Where colours say a setting, the legend has an entry of its own for it.
        f.page.plots().setLooks({settingIndex("bits"), {}});
        QTRY_VERIFY(widthOf(one) >= widthOf(other) + 1);
        QTRY_COMPARE(plot.plot()->legend->itemCount(), 3); // two widths, and the baseline
        f.page.plots().setLooks({});
        // It goes and comes with its run, and with the choice.
        f.runs.remove({0});
        QTRY_COMPARE(inLegend(), QStringList{"Double sampling, 4 bits"});
        f.experiment.history().undoAction()->trigger();
        QTRY_VERIFY(widthOf(one) >= widthOf(other) + 1);
        f.view.selectRow(0);
        f.table.baselineAction()->trigger();
        f.view.clearSelection();
        QTRY_COMPARE(widthOf(one), widthOf(other));
    }

    // What measuring took has a column for those who ask for it, a sum that a filter finds too.
    void measuringTimeHasAColumn() {
        auto slow = pastRun(specWith(3), 0.2), quick = pastRun(specWith(4), 0.1);
        slow.initial->measuringSeconds = 0.5;
        for (EpochRecord& epoch : slow.epochs)
            epoch.measuringSeconds = 0.25;
        Fixture f({slow, quick});
        QVERIFY(f.view.isColumnHidden(Table::MeasuringSeconds));
        auto* columns = f.table.findChild<QToolButton*>("columns");
        emit columns->menu()->aboutToShow();
        const auto actions = columns->menu()->actions();
        const auto wanted = std::ranges::find(actions, QString("Measuring s"), &QAction::text);
        QVERIFY(wanted != actions.end());
        (*wanted)->trigger();
        QVERIFY(!f.view.isColumnHidden(Table::MeasuringSeconds));
        QCOMPARE(f.cell(0, Table::MeasuringSeconds), "1.5");
        QCOMPARE(f.cell(1, Table::MeasuringSeconds), "0");
        f.type("measuring>1");
        QCOMPARE(f.names(), QStringList{"Double sampling, 3 bits"});
        ui::ExperimentModel experiment;
        const ui::TrainingPage another(experiment); // is remembered
        QVERIFY(!another.runTable().view().isColumnHidden(Table::MeasuringSeconds));
    }

    // What bits save stands beside a run in full precision on the same data, loss and batch, and filters know it.
    void whatBitsSaveHasColumns() {
        const auto cost = [](ui::RunView run, double seconds, std::uint64_t bytes) {
            for (std::size_t e = 0; e < run.epochs.size(); ++e) {
                run.epochs[e].seconds = seconds;
                run.epochs[e].bytesMoved = (e + 1) * bytes;
            }
            return run;
        };
        RunSpec full = withEstimator(specWith(32), EstimatorKind::Full);
        RunSpec otherBatch = specWith(3);
        otherBatch.sgd.batch = 64;
        Fixture f({cost(pastRun(full, 0.1), 0.6, 8000), cost(pastRun(specWith(4), 0.1), 0.2, 1000),
                   cost(pastRun(otherBatch, 0.1), 0.1, 1000)});
        f.page.resize(1600, 900);
        QTRY_VERIFY(!f.view.isColumnHidden(Table::TimesFaster));
        QCOMPARE(f.cell(0, Table::TimesFaster), "");
        QCOMPARE(f.cell(1, Table::TimesFaster), "3");
        QCOMPARE(f.cell(1, Table::TimesLessData), "8");
        QCOMPARE(f.cell(2, Table::TimesFaster), "");
        f.type("faster>2");
        QCOMPARE(f.names().size(), 1);
        f.type("");
        f.runs.remove({0});
        QCOMPARE(f.cell(0, Table::TimesFaster), "");
    }

    void rowAndCurveAreLinked() {
        Fixture f({pastRun(specWith(3), 0.2), pastRun(specWith(4), 0.1)});
        QVERIFY(QTest::qWaitForWindowExposed(&f.page));
        const auto highlighted = [&] {
            std::set<int> runs;
            for (const auto& curve : f.page.lossPlot().curves())
                if (curve.highlighted)
                    runs.insert(curve.run);
            return runs;
        };
        QVERIFY(highlighted().empty());
        f.view.selectRow(1);
        QCOMPARE(highlighted(), std::set{f.runs.at(1).id});
        // A click on the other run's last point selects its row.
        auto& axes = *f.page.lossPlot().plot();
        axes.replot();
        const QPoint at(qRound(axes.xAxis->coordToPixel(4)), qRound(axes.yAxis->coordToPixel(0.2)));
        QTest::mouseClick(&axes, Qt::LeftButton, {}, at);
        QCOMPARE(f.table.selected(), QList<int>{0});
        QCOMPARE(highlighted(), std::set{f.runs.at(0).id});
        f.view.clearSelection();
        QVERIFY(highlighted().empty());
    }

    void aCurveUnfoldsItsGroup() {
        Fixture f(sixRuns());
        f.group("Seeds together");
        f.table.selectRun(f.runs.at(4).id);
        QCOMPARE(f.table.selected(), QList<int>{4});
    }

    void onlyWhatIsFoundIsPlotted() {
        Fixture f(sixRuns());
        f.type("bits=4");
        f.view.clearSelection();
        f.table.plotOnlyAction()->trigger();
        for (int run = 0; run < 6; ++run)
            QCOMPARE(f.runs.at(run).visible, f.runs.at(run).spec.bits == 4);
    }

    // A run that starts is seen where it trains; once it has ended it stands where it belongs.
    void runsThatEndAreFound() {
        Fixture f(sixRuns());
        f.type("state=done");
        QCOMPARE(f.names().size(), 6);
        RunSpec spec = specWith(5);
        spec.sgd.epochs = 3;
        f.experiment.setSpec(spec);
        test::actionNamed(f.page, "Start")->trigger();
        QVERIFY(test::waitUntilIdle(f.page));
        QTRY_COMPARE(f.names().size(), 7);
    }

    void aSessionKeepsHowTheTableIsLookedAt() {
        Fixture f(sixRuns());
        f.type("bits<5");
        f.group("Seeds together");
        f.click(Table::TrainLoss);
        const Session session =
            parseSession(sessionText(ui::sessionOf(f.runs, specWith(3), f.page)), "s").session;
        Fixture other;
        ui::showSession(session, other.experiment, other.page);
        QCOMPARE(other.table.filter().text(), "bits<5");
        QCOMPARE(other.names(), f.names());
        QVERIFY(other.names()[0].startsWith("▸ Double sampling, 4 bits")); // the least loss
        // What it does not know it skips.
        for (const char* state : {"7", "{\"filter\": 7, \"group\": \"none\", \"sort\": []}", "null"})
            other.table.setState(nlohmann::json::parse(state));
        QCOMPARE(other.names().size(), 6);
    }

    // Each number has its room, however narrow the window is.
    void numbersAreNotElided() {
        Fixture f(sixRuns());
        f.page.resize(900, 700);
        f.view.selectRow(0);
        f.table.baselineAction()->trigger();
        f.group("Seeds together");
        QTest::qWait(300);
        for (int column = 1; column < f.view.model()->columnCount(); ++column) {
            if (f.view.isColumnHidden(column))
                continue;
            for (int row = 0; row < f.view.model()->rowCount(); ++row) {
                QStyleOptionViewItem option;
                option.font = f.view.font();
                option.fontMetrics = QFontMetrics(option.font);
                const auto index = f.view.model()->index(row, column);
                const int needed = f.view.itemDelegateForIndex(index)->sizeHint(option, index).width();
                QVERIFY2(f.view.columnWidth(column) >= needed, qPrintable(index.data().toString()));
            }
        }
        QVERIFY(f.view.columnWidth(0) >= 150);
    }
};

QTEST_MAIN(RunTableTest)
#include "run_table_test.moc"
