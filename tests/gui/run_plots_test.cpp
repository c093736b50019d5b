// The training page's plots: cursors, seeds as bands, notes, smoothing, sizes on paper.

#include "tests/support/gui_test.h"
#include "ui/plot/export_plot_dialog.h"
#include "ui/plot/point_labels.h"
#include "ui/session/session_state.h"

#include <QCheckBox>
#include <QComboBox>
#include <QImageReader>
#include <QInputDialog>
#include <QMenu>
#include <QSlider>

#include <map>
#include <set>

using namespace zipml;
using ui::CurveRole;

namespace {

RunSpec smallSpec() {
    RunSpec spec;
    spec.data.source = "synthetic:10x400";
    spec.sgd.epochs = 6;
    return spec;
}

std::vector<const ui::Curve*> withRole(const ui::LivePlot& plot, CurveRole role) {
    std::vector<const ui::Curve*> found;
    for (const auto& curve : plot.curves())
        if (curve.role == role)
            found.push_back(&curve);
    return found;
}

} // namespace

class RunPlotsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void seedsBecomeABand() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        experiment.setSpec(smallSpec());
        page.startSeeds(3);
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(page.runs().size(), 3);
        QCOMPARE(page.runs().at(2).spec.seed, page.runs().at(0).spec.seed + 2);
        QTRY_COMPARE(withRole(page.lossPlot(), CurveRole::Main).size(), 1U);
        const ui::Curve band = *withRole(page.lossPlot(), CurveRole::Main)[0];
        QCOMPARE(band.x.size(), 7);
        double mean = 0;
        for (int row = 0; row < 3; ++row)
            mean += page.runs().at(row).epochs.back().trainLoss / 3;
        QCOMPARE(band.y.back(), mean);
        QVERIFY(band.low.back() < mean && mean < band.high.back());
        QVERIFY(band.name.contains("3"));
        page.findChild<QCheckBox*>("seedBands")->setChecked(false);
        QCOMPARE(withRole(page.lossPlot(), CurveRole::Main).size(), 3U);
    }

    // Runs of other settings are no seeds of each other, also where others stood in their rows before.
    void otherSettingsAreNoBand() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.findChild<QCheckBox*>("seedBands")->setChecked(true);
        const auto start = [&](std::vector<int> bits) {
            std::vector<RunSpec> specs(bits.size(), smallSpec());
            for (std::size_t i = 0; i < bits.size(); ++i)
                specs[i].bits = bits[i];
            specs.back().seed = 7;
            experiment.startAll(specs);
            QVERIFY(test::waitUntilIdle(page));
        };
        start({3, 3});
        QTRY_COMPARE(withRole(page.lossPlot(), CurveRole::Main).size(), 1U);
        test::actionNamed(page, "Reset")->trigger();
        start({3, 1});
        QTRY_COMPARE(withRole(page.lossPlot(), CurveRole::Main).size(), 2U);
    }

    void aBandGoesToTheLongestRun() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        RunSpec spec = smallSpec();
        spec.data.source = "synthetic:10x4000";
        spec.sgd.epochs = 100'000;
        experiment.startAll({spec});
        QTRY_VERIFY(page.runs().at(0).epochs.size() >= 3);
        page.runs().stop({0});
        QVERIFY(test::waitUntilIdle(page));
        spec.seed = 2;
        experiment.startAll({spec});
        const auto longer = page.runs().at(0).epochs.size() + 4;
        QVERIFY(QTest::qWaitFor([&] { return page.runs().at(1).epochs.size() >= longer; }, 20'000));
        page.runs().stop({1});
        QVERIFY(test::waitUntilIdle(page));
        page.findChild<QCheckBox*>("seedBands")->setChecked(true);
        QTRY_COMPARE(withRole(page.lossPlot(), CurveRole::Main).size(), 1U);
        const ui::Curve& band = *withRole(page.lossPlot(), CurveRole::Main)[0];
        QCOMPARE(static_cast<std::size_t>(band.x.size()), page.runs().at(1).epochs.size() + 1);
        QCOMPARE(band.y.back(), page.runs().at(1).epochs.back().trainLoss);
    }

    // A note goes with its run, and one that was not written is none.
    void notesDoNotOutliveTheirRun() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.show();
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        page.plots().setNote(page.runs().at(0).id, 4, "here it bends");
        test::actionNamed(page, "Reset")->trigger();
        QVERIFY(page.plots().notes().empty());
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        QVERIFY(withRole(page.lossPlot(), CurveRole::Notes).empty());
        QVERIFY(page.plots().notes().empty());

        QMenu menu;
        emit page.lossPlot().pointMenu(&menu, *withRole(page.lossPlot(), CurveRole::Main)[0], 2);
        QCOMPARE(menu.actions().size(), 1);
        menu.actions().first()->trigger();
        auto* dialog = page.plots().findChild<QInputDialog*>();
        QVERIFY(dialog != nullptr);
        dialog->reject();
        page.plots().update();
        QVERIFY(withRole(page.lossPlot(), CurveRole::Notes).empty());
        experiment.history().undoAction()->trigger();
        QCOMPARE(page.plots().notes().size(), 1U);
        QCOMPARE(withRole(page.lossPlot(), CurveRole::Notes).size(), 1U);
    }

    void cursorShowsTheSamePlaceInBoth() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.resize(1000, 600);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        const auto lineOf = [](const ui::LivePlot& plot) {
            for (int i = 0; i < plot.plot()->itemCount(); ++i)
                if (auto* line = qobject_cast<QCPItemStraightLine*>(plot.plot()->item(i)))
                    return line;
            return static_cast<QCPItemStraightLine*>(nullptr);
        };
        auto* cursor = lineOf(page.secondPlot());
        QVERIFY(cursor != nullptr && !cursor->visible());
        auto& axes = *page.lossPlot().plot();
        const auto point = [&] {
            const QPoint at(qRound(axes.xAxis->coordToPixel(3)), axes.axisRect()->center().y());
            QTest::mouseMove(&axes, at);
            return cursor->visible() && std::abs(cursor->point1->coords().x() - 3) < 0.1;
        };
        QVERIFY(QTest::qWaitFor(point)); // the axes are those of the last epoch once the plot's turn has come
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(&page.lossPlot(), &leave);
        QVERIFY(!cursor->visible());
    }

    // Written by a person or told by the run; kept in a session.
    void notesStandAtTheirEpoch() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        page.plots().setNote(page.runs().at(0).id, 4, "here it bends");
        auto notes = withRole(page.lossPlot(), CurveRole::Notes);
        QCOMPARE(notes.size(), 1U);
        QCOMPARE(notes[0]->labels, QVector<QString>{"here it bends"});
        QCOMPARE(notes[0]->x, QVector<double>{4});
        QCOMPARE(notes[0]->y, QVector<double>{page.runs().at(0).epochs[3].trainLoss});
        page.findChild<QSlider*>("smoothing")->setValue(60);

        const Session session =
            parseSession(sessionText(ui::sessionOf(page.runs(), smallSpec(), page)), "s").session;
        ui::ExperimentModel another;
        ui::TrainingPage other(another);
        ui::showSession(session, another, other);
        QTRY_COMPARE(withRole(other.lossPlot(), CurveRole::Notes).size(), 1U);
        QCOMPARE(withRole(other.lossPlot(), CurveRole::Notes)[0]->labels, QVector<QString>{"here it bends"});
        QCOMPARE(other.findChild<QSlider*>("smoothing")->value(), 60);
        page.plots().setNote(page.runs().at(0).id, 4, " ");
        QVERIFY(withRole(page.lossPlot(), CurveRole::Notes).empty());
    }

    void anotherWidthIsNoted() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        Session session = ui::sessionOf(page.runs(), smallSpec(), page);
        SessionRun run{0,  "r", true, smallSpec(), {}, false, RunSetup{}, EpochRecord{},
                       {}, {},  {},   {},          {}, 0};
        for (int epoch = 1; epoch <= 4; ++epoch) {
            EpochRecord record;
            record.epoch = epoch;
            record.bits = epoch < 3 ? 4 : 8;
            record.trainLoss = 1.0 / epoch;
            run.epochs.push_back(record);
        }
        run.initial->trainLoss = 2;
        session.runs.push_back(run);
        ui::showSession(session, experiment, page);
        QTRY_COMPARE(withRole(page.lossPlot(), CurveRole::Notes).size(), 1U);
        const auto* note = withRole(page.lossPlot(), CurveRole::Notes)[0];
        QCOMPARE(note->x, QVector<double>{2});
        QVERIFY(note->labels[0].contains("4") && note->labels[0].contains("8"));
    }

    void lossAboveTheOptimum() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        page.findChild<QComboBox*>("lossScale")->setCurrentIndex(1);
        const auto& run = page.runs().at(0);
        const auto main = withRole(page.lossPlot(), CurveRole::Main);
        QCOMPARE(main.size(), 1U);
        QCOMPARE(main[0]->y.back(), run.epochs.back().trainLoss / *run.setup->optimumLoss - 1);
        QVERIFY(withRole(page.lossPlot(), CurveRole::Reference).empty());
    }

    // As the run recorded it, on a linear axis: weights have both signs.
    void spreadOfTheModelIsABand() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        const auto& run = page.runs().at(0);
        for (const bool model : {true, false}) {
            page.plots().setView(ui::XAxis::Epoch,
                                 model ? ui::SecondPlot::ModelSpread : ui::SecondPlot::GradientSpread);
            const auto shown = withRole(page.secondPlot(), CurveRole::Main);
            QCOMPARE(shown.size(), 1U);
            const auto& last = run.epochs.back();
            const Quantiles spread = *(model ? last.modelQuantiles : last.gradientQuantiles);
            QVERIFY(std::ranges::is_sorted(spread) && spread.front() < spread.back());
            QCOMPARE(shown[0]->low.back(), spread[1]);
            QCOMPARE(shown[0]->y.back(), spread[3]);
            QCOMPARE(shown[0]->high.back(), spread[5]);
            QCOMPARE(page.secondPlot().plot()->yAxis->scaleType(), QCPAxis::stLinear);
        }
        const Eigen::VectorXd& weights = run.record->model.parameters.weights;
        QCOMPARE(run.epochs.back().modelQuantiles->front(), weights.minCoeff());
        QCOMPARE(run.epochs.back().modelQuantiles->back(), weights.maxCoeff());
        const auto again = epochFromJson(exactJson(run.epochs.back()));
        QCOMPARE(again.modelQuantiles, run.epochs.back().modelQuantiles);
        QCOMPARE(again.gradientQuantiles, run.epochs.back().gradientQuantiles);
    }

    // Where it left, in the plot, in the legend and in what is exported; the others keep their room.
    void divergedRunsAreMarked() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.resize(1000, 600);
        page.show();
        RunSpec wild = smallSpec();
        wild.sgd.step = 1000;
        experiment.startAll({smallSpec(), wild});
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(page.runs().at(1).state, ui::RunState::Diverged);
        QTRY_COMPARE(withRole(page.lossPlot(), CurveRole::Diverged).size(), 1U);
        const auto& cross = *withRole(page.lossPlot(), CurveRole::Diverged)[0];
        QCOMPARE(cross.run, page.runs().at(1).id);
        QCOMPARE(cross.labels, QVector<QString>{"diverged"});
        for (const auto* curve : withRole(page.lossPlot(), CurveRole::Main))
            QCOMPARE(curve->name.contains("diverged"), curve->run == cross.run);
        const double top = page.lossPlot().plot()->yAxis->range().upper;
        QVERIFY2(top < 100 * page.runs().at(0).initial->trainLoss, qPrintable(QString::number(top)));
        const QTemporaryDir folder;
        page.lossPlot().exportTo(folder.filePath("loss.csv"));
        QFile csv(folder.filePath("loss.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QVERIFY(csv.readAll().contains("diverged"));
    }

    void coloursAndDashesOfSettings() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        std::vector<RunSpec> specs;
        for (const int bits : {2, 4, 8})
            for (const auto estimator : {EstimatorKind::Double, EstimatorKind::Naive}) {
                specs.push_back(smallSpec());
                specs.back().bits = bits;
                specs.back().estimator = estimator;
            }
        experiment.startAll(specs);
        QVERIFY(test::waitUntilIdle(page));
        QTRY_COMPARE(withRole(page.lossPlot(), CurveRole::Main).size(), specs.size());
        page.plots().setLooks({settingIndex("bits"), settingIndex("estimator")});
        std::map<int, std::set<QString>> colors, dashes; // by what they say
        const auto& drawn = page.lossPlot().curves();
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            if (drawn[i].role != CurveRole::Main)
                continue;
            const auto& graph = *page.lossPlot().plot()->graph(static_cast<int>(i));
            const auto& spec = page.runs().at(drawn[i].run).spec; // ids are rows here
            colors[spec.bits].insert(graph.pen().color().name());
            dashes[static_cast<int>(spec.estimator)].insert(
                QString::number(graph.pen().dashPattern().size()) + QString::number(graph.pen().style()));
        }
        QCOMPARE(colors.size(), 3U);
        QCOMPARE(dashes.size(), 2U);
        std::set<QString> allColors, allDashes;
        for (const auto& [bits, looks] : colors) {
            QCOMPARE(looks.size(), 1U);
            allColors.insert(*looks.begin());
        }
        for (const auto& [estimator, looks] : dashes) {
            QCOMPARE(looks.size(), 1U);
            allDashes.insert(*looks.begin());
        }
        QCOMPARE(allColors.size(), 3U);
        QCOMPARE(allDashes.size(), 2U);
        QCOMPARE(page.lossPlot().plot()->legend->itemCount(), 5); // three widths, two estimators

        const Session session =
            parseSession(sessionText(ui::sessionOf(page.runs(), smallSpec(), page)), "s").session;
        ui::ExperimentModel another;
        ui::TrainingPage other(another);
        ui::showSession(session, another, other);
        QCOMPARE(other.plots().looks().color, std::optional(settingIndex("bits")));
        QCOMPARE(other.plots().looks().dash, std::optional(settingIndex("estimator")));
    }

    void logarithmicEpochs() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.resize(1000, 600);
        page.show();
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        page.findChild<QCheckBox*>("logX")->setChecked(true);
        for (const auto* plot : {&page.lossPlot(), &page.secondPlot()}) {
            QCOMPARE(plot->plot()->xAxis->scaleType(), QCPAxis::stLogarithmic);
            QVERIFY(plot->plot()->xAxis->range().lower > 0.01 && plot->plot()->xAxis->range().upper < 20);
        }
        page.findChild<QCheckBox*>("logX")->setChecked(false);
        QCOMPARE(page.lossPlot().plot()->xAxis->scaleType(), QCPAxis::stLinear);
    }

    void aBoxIsZoomedTo() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.resize(1000, 900);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        QTest::qWait(50);
        auto& plot = *page.lossPlot().plot();
        const QRect frame = plot.axisRect()->rect();
        const QPoint from(frame.left() + frame.width() / 4, frame.top() + frame.height() / 4),
            to(frame.left() + frame.width() / 2, frame.top() + frame.height() / 2);
        const double left = plot.xAxis->pixelToCoord(from.x()), right = plot.xAxis->pixelToCoord(to.x()),
                     top = plot.yAxis->pixelToCoord(from.y()), bottom = plot.yAxis->pixelToCoord(to.y());
        QTest::mousePress(&plot, Qt::LeftButton, Qt::ShiftModifier, from);
        QTest::mouseMove(&plot, (from + to) / 2);
        QMouseEvent move(QEvent::MouseMove, to, plot.mapToGlobal(QPointF(to)), Qt::NoButton, Qt::LeftButton,
                         Qt::ShiftModifier);
        QApplication::sendEvent(&plot, &move);
        QTest::mouseRelease(&plot, Qt::LeftButton, Qt::ShiftModifier, to);
        const auto near = [](double a, double b) { return std::abs(a - b) < 0.1 * std::abs(b); };
        QVERIFY(near(plot.xAxis->range().lower, left) && near(plot.xAxis->range().upper, right));
        QVERIFY(near(plot.yAxis->range().lower, bottom) && near(plot.yAxis->range().upper, top));
        QVERIFY(!page.lossPlot().fitted());
        QTest::keyClick(&page.lossPlot(), Qt::Key_0);
        QVERIFY(plot.xAxis->range().upper > 5);
    }

    // The dotted line says what it is at, and no longer than the optimum is known.
    void theOptimumHasANumber() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.resize(1200, 700);
        page.show();
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        QTRY_COMPARE(withRole(page.lossPlot(), CurveRole::Reference).size(), 1U);
        const ui::Curve optimum = *withRole(page.lossPlot(), CurveRole::Reference)[0];
        const double loss = *page.runs().at(0).setup->optimumLoss;
        QVERIFY2(optimum.endLabel.contains(QString::number(loss, 'g', 4)), qPrintable(optimum.endLabel));
        // It is drawn: without it the plot is another picture, in the strip around the line alone.
        QTest::qWait(50);
        auto& plot = *page.lossPlot().plot();
        const QImage with = plot.toPixmap().toImage();
        auto curves = page.lossPlot().curves();
        for (auto& curve : curves)
            curve.endLabel.clear();
        ui::labelPoints(plot, curves, ui::PlotColors::ofApplication());
        const QImage without = plot.toPixmap().toImage();
        const double line = plot.yAxis->coordToPixel(loss);
        int inside = 0, outside = 0;
        for (int y = 0; y < with.height(); ++y)
            for (int x = 0; x < with.width(); ++x)
                if (with.pixel(x, y) != without.pixel(x, y))
                    ++(std::abs(y - line) < 2 * plot.fontMetrics().height() ? inside : outside);
        QVERIFY(inside > 50);
        QCOMPARE(outside, 0);
    }

    // What bits save, epoch by epoch, beside full precision on the same data; as the table's columns say it.
    void savingsAreALivePlot() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.resize(1200, 700);
        page.show();
        RunSpec full = smallSpec(), rounded = smallSpec(), other = smallSpec();
        full.estimator = EstimatorKind::Full;
        rounded.bits = 3;
        other.data.source = "synthetic:12x400"; // full precision on these data is not there
        auto* what = page.findChild<QComboBox*>("secondPlotQuantity");
        what->setCurrentIndex(what->findText("Times less data"));
        experiment.startAll({rounded, other});
        QVERIFY(test::waitUntilIdle(page));
        QTest::qWait(50);
        QVERIFY(page.secondPlot().curves().empty());
        experiment.startAll({full});
        QVERIFY(test::waitUntilIdle(page));
        QTRY_COMPARE(withRole(page.secondPlot(), CurveRole::Main).size(), 2U);
        const auto& own = page.runs().at(0).epochs;
        const auto& beside = page.runs().at(2).epochs;
        const double mean =
            static_cast<double>(beside.back().bytesMoved) / static_cast<double>(beside.size());
        const auto last = static_cast<double>(own[5].bytesMoved - own[4].bytesMoved);
        const ui::Curve less = *withRole(page.secondPlot(), CurveRole::Main)[0];
        QCOMPARE(less.y.back(), mean / last);
        QVERIFY(less.y.back() > 3);
        QVERIFY(std::abs(withRole(page.secondPlot(), CurveRole::Main)[1]->y.back() - 1) < 0.05);
        what->setCurrentIndex(what->findText("Times faster"));
        QTRY_COMPARE(withRole(page.secondPlot(), CurveRole::Main).size(), 2U);
        const ui::Curve faster = *withRole(page.secondPlot(), CurveRole::Main)[0];
        QCOMPARE(faster.x.size(), 7);
        QVERIFY(std::isnan(faster.y.front())); // before the first epoch
        auto seconds = std::vector<double>();
        for (const auto& epoch : page.runs().at(2).epochs)
            seconds.push_back(epoch.seconds);
        std::ranges::sort(seconds);
        QCOMPARE(faster.y[3], seconds[seconds.size() / 2] / page.runs().at(0).epochs[2].seconds);
    }

    void bothPlotsInOneFile() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        const QTemporaryDir folder;
        page.secondPlot().exportBothTo(folder.filePath("both.png"), ui::PlotLook{{400, 300}, 1});
        QCOMPARE(QImage(folder.filePath("both.png")).size(), QSize(400, 600));
        page.lossPlot().exportBothTo(folder.filePath("both.svg"));
        QFile svg(folder.filePath("both.svg"));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        const QByteArray text = svg.readAll();
        QVERIFY(text.contains("Loss") && text.contains("Gradient bias"));
    }

    void sizeOnPaper() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        experiment.startAll({smallSpec()});
        QVERIFY(test::waitUntilIdle(page));
        ui::ExportPlotDialog dialog;
        dialog.findChild<QComboBox*>("plotFormat")->setCurrentText("PNG");
        dialog.findChild<QDoubleSpinBox*>("plotWidth")->setValue(127); // 5 inches
        dialog.findChild<QDoubleSpinBox*>("plotHeight")->setValue(76);
        dialog.findChild<QSpinBox*>("plotResolution")->setValue(300);
        QCOMPARE(dialog.ending(), "png");
        const QTemporaryDir folder;
        const QString file = folder.filePath("loss.png");
        page.lossPlot().exportTo(file, dialog.look());
        const QImage image(file);
        QCOMPARE(image.width(), 1500);
        QVERIFY(std::abs(image.dotsPerMeterX() * 0.0254 - 300) < 1);
        page.lossPlot().exportTo(folder.filePath("loss.pdf"), dialog.look());
        QVERIFY(QFileInfo(folder.filePath("loss.pdf")).size() > 1000);
    }
};

QTEST_MAIN(RunPlotsTest)
#include "run_plots_test.moc"
