// The page of trade-offs, driven as a person would.

#include "core/base/file.h"
#include "tests/support/gui_test.h"
#include "ui/plot/parallel_plot.h"
#include "ui/tradeoffs/tradeoff_table_model.h"
#include "ui/tradeoffs/tradeoffs_page.h"
#include "ui/widgets/message_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QSpinBox>

using namespace zipml;

namespace {

/// @param rows of the data: how long a run takes
RunSpec specFor(const char* source, int epochs) {
    RunSpec spec;
    spec.data.source = source;
    spec.sgd.epochs = epochs;
    return spec;
}

struct Fixture {
    QTemporaryDir folder;
    ui::ExperimentModel experiment;
    ui::TradeoffsPage page;
    QStringList messages;

    explicit Fixture(const RunSpec& spec = specFor("synthetic:5x400", 3), const QString& keptIn = {})
        : page(experiment, keptIn.isEmpty() ? folder.path() : keptIn) {
        QObject::connect(&page, &ui::TradeoffsPage::message, &page,
                         [this](const QString& text, bool) { messages << text; });
        experiment.setSpec(spec);
        control<QSpinBox>("leastBits")->setValue(2);
        control<QSpinBox>("mostBits")->setValue(4);
        page.resize(1200, 700);
        page.show();
        page.activateWindow();
    }
    template <class Widget>
    Widget* control(const char* name) {
        return page.findChild<Widget*>(name);
    }
    [[nodiscard]] QAction* action(int index) const { return page.menuActions()[index]; }
    bool waitForRuns(std::size_t count) {
        return QTest::qWaitFor([this, count] { return page.model().runsDone() >= count; },
                               static_cast<int>(60'000 * test::timeScale()));
    }
    bool waitUntilIdle() {
        return QTest::qWaitFor([this] { return !page.model().sweeping(); },
                               static_cast<int>(60'000 * test::timeScale()));
    }
    /// The row of the model that is selected in the table; -1: none
    int selectedInTable() {
        const auto rows = page.table().selectionModel()->selectedRows();
        auto* sorted = qobject_cast<QAbstractProxyModel*>(page.table().model());
        return rows.isEmpty() ? -1 : sorted->mapToSource(rows.first()).row();
    }
    void sweep() {
        action(0)->trigger();
        QVERIFY(waitUntilIdle());
    }
};

enum Action { Start, Stop, Train, Save, Discard };
constexpr std::size_t kRuns = 1 + 3 * 2 * 3;

} // namespace

class TradeoffsPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void beforeItStartsItSaysWhatToDo() {
        Fixture f;
        QCOMPARE(f.page.model().runs(), kRuns);
        QVERIFY(f.control<QLabel>("sweepRuns")->text().startsWith("19 runs"));
        QVERIFY(f.control<QLabel>("sweepBase")->text().contains("synthetic:5x400"));
        QVERIFY(f.action(Start)->isEnabled() && !f.action(Stop)->isEnabled() &&
                !f.action(Train)->isEnabled());
        QVERIFY(f.action(Stop)->toolTip().contains("Nothing"));
        QVERIFY(f.page.plot().curves().empty());
        QVERIFY(!f.control<QCheckBox>("polynomial")->isEnabled());
        QVERIFY(f.control<QCheckBox>("polynomial")->toolTip().contains("use double"));
    }

    // Points, cells and rows show the same numbers, which are those of runs with these settings.
    void aSweepFillsPlotHeatMapAndTable() {
        Fixture f;
        f.sweep();
        QVERIFY2(f.messages.isEmpty(), qPrintable(f.messages.join('\n')));
        QCOMPARE(f.page.model().runsDone(), kRuns);
        QVERIFY(!f.action(Start)->isEnabled()); // all has run

        RunObserver nobody;
        RunControl control;
        const auto& rows = f.page.model().rows();
        double full = 0;
        for (std::size_t i = 0; i < rows.size(); i += 6) {
            RunSpec spec = specForRun(f.page.model().plan().base, f.page.model().firstRunOf(rows[i].setting));
            const RunRecord record = runExperiment(spec, nobody, control);
            const double loss = record.epochs.back().trainLoss;
            full = i == 0 ? loss : full;
            QCOMPARE(rows[i].point->loss.median, loss);
            QCOMPARE(rows[i].point->excess->median, loss / full - 1);
            QCOMPARE(rows[i].point->bytes.median, static_cast<double>(record.epochs.back().bytesMoved));
        }

        const auto& map = *f.page.heatMap().model();
        QCOMPARE(map.rowCount(), 6);
        QCOMPARE(map.columnCount(), 3);
        for (int row = 0; row < 6; ++row)
            for (int column = 0; column < 3; ++column) {
                const auto& point = *rows[static_cast<std::size_t>(1 + 3 * row + column)].point;
                const QString cell = map.index(row, column).data().toString();
                QVERIFY(cell.endsWith(ui::excessText(point.excess->median)));
                QCOMPARE(cell.startsWith("✓"), point.excess->median <= 0.01);
            }
        std::size_t points = 0, fronts = 0;
        for (const auto& curve : f.page.plot().curves()) {
            if (curve.role == ui::CurveRole::Main || curve.role == ui::CurveRole::Points)
                points += static_cast<std::size_t>(curve.x.size());
            fronts += curve.role == ui::CurveRole::Front ? 1 : 0;
        }
        QCOMPARE(points, kRuns);
        QCOMPARE(fronts, std::size_t{1});
    }

    void theStatementFollowsTheThreshold() {
        Fixture f;
        f.sweep();
        auto* tolerance = f.control<QDoubleSpinBox>("tolerance");
        for (const double percent : {0.001, 5.0, 50.0, 1000.0}) {
            tolerance->setValue(percent);
            const auto points = f.page.model().points();
            const auto best = fewestBits(points, percent / 100);
            const QString expected =
                best ? QString("%1 bits stored a value").arg(points[*best].bitsPerValue, 0, 'g', 3)
                     : QString("Nothing is within");
            QVERIFY2(f.page.statement().contains(expected), qPrintable(f.page.statement()));
        }
    }

    // Stopped in the middle, then resumed by another window: what is done is kept and not run again, and the
    // results are those of a sweep that nobody stopped.
    void whatIsDoneIsKept() {
        const RunSpec spec = specFor("synthetic:20x2000", 10);
        Fixture whole(spec);
        whole.sweep();
        QTemporaryDir folder;
        std::size_t kept = 0;
        {
            Fixture f(spec, folder.path());
            f.action(Start)->trigger();
            QVERIFY(!f.control<QSpinBox>("leastBits")->isEnabled());
            QVERIFY(f.waitForRuns(4));
            f.action(Stop)->trigger();
            QVERIFY(f.waitUntilIdle());
            kept = f.page.model().runsDone();
            QVERIFY(kept >= 4 && kept < kRuns);
            QCOMPARE(f.action(Start)->text(), QString("Resume sweep"));
            QVERIFY(f.page.statement().startsWith("So far"));
            QVERIFY(f.control<QSpinBox>("leastBits")->isEnabled());
        }
        Fixture f(spec, folder.path());
        QVERIFY(f.waitForRuns(kept));
        QCOMPARE(f.page.model().runsDone(), kept);
        QVERIFY(!f.page.model().sweeping());
        f.sweep();
        QCOMPARE(f.page.model().runsDone(), kRuns);
        for (std::size_t i = 0; i < kRuns; ++i)
            QCOMPARE(f.page.model().rows()[i].point->loss.median,
                     whole.page.model().rows()[i].point->loss.median);
    }

    void moreBitsKeepWhatIsKnown() {
        Fixture f;
        f.sweep();
        f.control<QSpinBox>("mostBits")->setValue(5);
        QCOMPARE(f.page.model().runsDone(), kRuns);
        QCOMPARE(f.page.model().runs(), kRuns + 6);
        f.control<QSpinBox>("mostBits")->setValue(4);
        QVERIFY(f.page.model().complete());
        f.action(Discard)->trigger();
        QVERIFY(QTest::qWaitFor([&] { return f.page.model().runsDone() == 0; }));
        QVERIFY(f.page.plot().curves().empty());
        QVERIFY(QDir(f.folder.path()).isEmpty());
    }

    void anotherExperimentHasItsOwnResults() {
        Fixture f;
        f.sweep();
        f.experiment.setSpec(specFor("synthetic:6x400", 3));
        f.page.hide();
        f.page.show();
        QVERIFY(QTest::qWaitFor([&] { return f.page.model().runsDone() == 0; }));
        f.experiment.setSpec(specFor("synthetic:5x400", 3));
        f.page.hide();
        f.page.show();
        QVERIFY(f.waitForRuns(kRuns));
    }

    void aClickOnAPointSelectsItEverywhere() {
        Fixture f;
        f.sweep();
        QTest::qWait(100);
        auto* plot = f.page.plot().plot();
        int clicked = 0;
        for (const auto& curve : f.page.plot().curves()) {
            if (curve.role != ui::CurveRole::Main)
                continue;
            const QPointF at(plot->xAxis->coordToPixel(curve.x[1]), plot->yAxis->coordToPixel(curve.y[1]));
            QTest::mouseClick(plot, Qt::LeftButton, {}, at.toPoint());
            const int row = f.selectedInTable();
            QVERIFY(row >= 0);
            // What was clicked, or what lies within a pixel of it.
            const auto& shown = f.page.model().rows()[static_cast<std::size_t>(row)];
            const auto& ring = f.page.plot().curves().back();
            QCOMPARE(ring.role, ui::CurveRole::Ring);
            QVERIFY(std::abs(plot->xAxis->coordToPixel(ring.x[0]) - at.x()) <= 2);
            QVERIFY(std::abs(plot->yAxis->coordToPixel(ring.y[0]) - at.y()) <= 2);
            QVERIFY(f.control<QLabel>("tradeoffDetails")->text().startsWith(shown.name + ":"));
            QCOMPARE(f.page.heatMap().currentIndex().column(), shown.setting.bits - 2);
            QVERIFY(f.action(Train)->isEnabled());
            ++clicked;
            break; // the curves were replaced
        }
        QCOMPARE(clicked, 1);
    }

    void keysMoveInTheHeatMapAndTheTable() {
        Fixture f;
        f.sweep();
        f.page.heatMap().setFocus();
        f.page.heatMap().setCurrentIndex(f.page.heatMap().model()->index(1, 0));
        const int before = f.selectedInTable();
        QCOMPARE(before, 4);
        QTest::keyClick(&f.page.heatMap(), Qt::Key_Right);
        QCOMPARE(f.selectedInTable(), 5);
        QTest::keyClick(&f.page.table(), Qt::Key_Down);
        QCOMPARE(f.page.heatMap().currentIndex(), f.page.heatMap().model()->index(1, 2));
    }

    // What the brush leaves out is gone from the table; a line is a row.
    void brushingAnAxisKeepsRowsInTheTable() {
        Fixture f;
        f.sweep();
        auto* view = f.control<QComboBox>("tradeoffView");
        view->setCurrentIndex(view->findText("All at once"));
        auto& plot = f.page.parallel();
        QVERIFY(plot.isVisible() && !f.page.plot().isVisible());
        QCOMPARE(f.page.table().model()->rowCount(), int(kRuns));
        constexpr int kBits = 1; // the axis
        QCOMPARE(plot.axes()[kBits].title, "Bits");
        // Dragged from below 3 bits to the top, 4.
        const auto& rows = f.page.model().rows();
        const auto rowWith = [&](int bits) {
            return int(std::ranges::find_if(rows, [&](const auto& row) { return row.setting.bits == bits; }) -
                       rows.begin());
        };
        const QPoint three = plot.pointOf(kBits, rowWith(3)).toPoint(),
                     four = plot.pointOf(kBits, rowWith(4)).toPoint();
        QTest::mousePress(&plot, Qt::LeftButton, {}, three + QPoint(0, 9));
        QTest::mouseMove(&plot, four);
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, four);
        QCOMPARE(f.page.table().model()->rowCount(), 12); // 3 and 4 bits of 6 kinds; full precision has none
        // A click on a line selects its row.
        const int row = rowWith(4);
        const QPointF from = plot.pointOf(2, row), to = plot.pointOf(3, row);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, (0.4 * from + 0.6 * to).toPoint());
        QVERIFY(f.selectedInTable() >= 0);
        QCOMPARE(rows[std::size_t(f.selectedInTable())].setting.bits, 4);
        // The keyboard takes the brush away; another view shows all.
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Delete);
        QCOMPARE(f.page.table().model()->rowCount(), int(kRuns));
        QTest::keyClick(&plot, Qt::Key_Down);
        QVERIFY(plot.brushOf(kBits).has_value());
        QVERIFY(f.page.table().model()->rowCount() < int(kRuns));
        view->setCurrentIndex(0);
        QCOMPARE(f.page.table().model()->rowCount(), int(kRuns));
    }

    void anyTwoQuantities() {
        Fixture f;
        f.sweep();
        auto* view = f.control<QComboBox>("tradeoffView");
        QVERIFY(!f.control<QComboBox>("tradeoffX")->isVisible());
        view->setCurrentIndex(view->findText("Any two quantities"));
        auto *x = f.control<QComboBox>("tradeoffX"), *y = f.control<QComboBox>("tradeoffY");
        QVERIFY(x->isVisible() && !f.control<QComboBox>("tradeoffCost")->isVisible());
        x->setCurrentIndex(x->findText("Bits"));
        y->setCurrentIndex(y->findText("MB moved"));
        std::size_t points = 0;
        for (const auto& curve : f.page.plot().curves())
            if (curve.role == ui::CurveRole::Points)
                points += static_cast<std::size_t>(curve.x.size());
        QCOMPARE(points, kRuns - 1); // full precision has no bits
        f.page.table().selectRow(3);
        const auto& ring = f.page.plot().curves().back();
        QCOMPARE(ring.role, ui::CurveRole::Ring);
        const auto& row = f.page.model().rows()[std::size_t(f.selectedInTable())];
        QCOMPARE(ring.x, QVector<double>{double(row.setting.bits)});
        QCOMPARE(ring.y, QVector<double>{row.point->bytes.median / 1e6});
    }

    void theTableSortsByNumbers() {
        Fixture f;
        f.sweep();
        auto& table = f.page.table();
        table.sortByColumn(ui::TradeoffTableModel::Excess, Qt::DescendingOrder);
        double before = HUGE_VAL;
        for (int row = 0; row < table.model()->rowCount(); ++row) {
            const double value = table.model()
                                     ->index(row, ui::TradeoffTableModel::Excess)
                                     .data(ui::TradeoffTableModel::kSortRole)
                                     .toDouble();
            QVERIFY(value <= before);
            before = value;
        }
    }

    void seedsGiveMediansAndWhiskers() {
        Fixture f;
        f.control<QSpinBox>("sweepSeeds")->setValue(3);
        f.control<QSpinBox>("mostBits")->setValue(2);
        f.sweep();
        QCOMPARE(f.page.model().runsDone(), std::size_t{3 * 7});
        QVERIFY(std::ranges::any_of(f.page.plot().curves(),
                                    [](const auto& curve) { return curve.role == ui::CurveRole::Roof; }));
        for (const auto& row : f.page.model().rows()) {
            QVERIFY(row.point->excess->least <= row.point->excess->median);
            QVERIFY(row.point->excess->median <= row.point->excess->most);
        }
    }

    void devicesAreComparedSideBySide() {
        Fixture f;
        f.control<QSpinBox>("mostBits")->setValue(2);
        DeviceReport cpu, scalar, board;
        cpu.id = "cpu";
        scalar.id = "cpu-scalar";
        board.id = "board";
        board.predicted = true;
        f.experiment.setDevices({cpu, scalar, board});
        QVERIFY(f.control<QCheckBox>("cpu")->isChecked() && !f.control<QCheckBox>("board"));
        QCOMPARE(f.page.model().runs(), std::size_t{7});
        f.control<QCheckBox>("cpu-scalar")->setChecked(true);
        QCOMPARE(f.page.model().runs(), std::size_t{14});
        f.sweep();
        QCOMPARE(f.page.heatMap().model()->rowCount(), 12);
        const auto& rows = f.page.model().rows();
        for (std::size_t i = 0; i < 7; ++i) { // the same numbers: only time differs
            QCOMPARE(rows[i + 7].setting.device, std::string("cpu-scalar"));
            QVERIFY(rows[i + 7].name.contains("cpu-scalar"));
            QCOMPARE(rows[i].point->bytes.median, rows[i + 7].point->bytes.median);
            QVERIFY(std::abs(rows[i].point->loss.median / rows[i + 7].point->loss.median - 1) < 1e-3);
        }
        f.experiment.setDevices({});
        QVERIFY(f.control<QCheckBox>("cpu-scalar")->isChecked()); // what is ticked stays
    }

    void theTableIsSaved() {
        Fixture f;
        f.sweep();
        const QString file = f.folder.filePath("a.csv");
        f.control<QDoubleSpinBox>("picojoules")->setValue(10);
        f.page.saveTable(file);
        const QStringList lines = QString::fromStdString(readFile(file.toStdString())).split('\n');
        QCOMPARE(lines.size(), static_cast<qsizetype>(kRuns + 2));
        for (qsizetype i = 0; i + 1 < lines.size(); ++i)
            QCOMPARE(lines[i].count(','), lines[0].count(','));
        const QStringList full = lines[1].split(',');
        QCOMPARE(full.last().toDouble(), full[full.size() - 3].toDouble() * 8 * 10e-12);
    }

    void wrongSettingsAreSaid() {
        Fixture f;
        for (const char* name : {"naive", "double", "corrected"})
            f.control<QCheckBox>(name)->setChecked(false);
        QVERIFY(f.messages.last().contains("tick an estimator"));
        f.action(Start)->trigger();
        QVERIFY(!f.page.model().sweeping());
        f.control<QCheckBox>("naive")->setChecked(true);
        f.experiment.setSpec(specFor("/no/such/file", 3));
        f.action(Start)->trigger();
        QVERIFY(f.waitUntilIdle());
        QVERIFY2(f.messages.last().contains("/no/such/file"), qPrintable(f.messages.last()));
        QVERIFY(f.action(Start)->isEnabled());
    }

    void damagedResultsAreSaidAndMadeAgain() {
        Fixture f;
        f.sweep();
        const auto files = QDir(f.folder.path()).entryList(QDir::Files);
        QCOMPARE(files.size(), 1);
        writeFileAtomically(f.folder.filePath(files[0]).toStdString(), "{\"kind\": 3");
        Fixture again(specFor("synthetic:5x400", 3), f.folder.path());
        QVERIFY(QTest::qWaitFor([&] { return !again.messages.isEmpty(); }));
        QVERIFY2(again.messages.last().contains("made again"), qPrintable(again.messages.last()));
        again.sweep();
        QCOMPARE(again.page.model().runsDone(), kRuns);
    }

    // In the window: the selected setting is trained on the Training page, with its bias.
    void theWindowTrainsWhatIsSelected() {
        QDir(ui::TradeoffsPage::usualFolder()).removeRecursively();
        ui::MainWindow window;
        window.experiment().setSpec(specFor("synthetic:5x400", 3));
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.showPage("trade-offs");
        auto& page = window.page<ui::TradeoffsPage>();
        page.findChild<QSpinBox*>("mostBits")->setValue(2);
        QTest::keyClick(&window, Qt::Key_F5, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY2(page.model().sweeping(), qPrintable(window.messages().text()));
        QVERIFY(QTest::qWaitFor([&] { return !page.model().sweeping(); },
                                static_cast<int>(60'000 * test::timeScale())));
        page.heatMap().setCurrentIndex(page.heatMap().model()->index(3, 0));
        QTest::keyClick(&window, Qt::Key_T, Qt::ControlModifier);
        QCOMPARE(window.currentPage().card().name, QString("training"));
        QCOMPARE(window.page<ui::TrainingPage>().runs().size(), 1);
        const RunSpec& spec = window.page<ui::TrainingPage>().runs().at(0).spec;
        QCOMPARE(spec.estimator, EstimatorKind::Double);
        QCOMPARE(spec.grid.kind, GridKind::Optimal);
        QCOMPARE(spec.bits, 2);
        QCOMPARE(spec.biasDraws, RunSpec{}.biasDraws);
        QCOMPARE(window.experiment().spec().estimator, EstimatorKind::Double);
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        const double loss = window.page<ui::TrainingPage>().runs().at(0).epochs.back().trainLoss;
        QCOMPARE(loss, page.model().rows()[4].point->loss.median); // the same run
        QVERIFY(test::actionNamed(window.page<ui::TrainingPage>(), "Export model…")->isEnabled());
    }
};

QTEST_MAIN(TradeoffsPageTest)
#include "tradeoffs_page_test.moc"
