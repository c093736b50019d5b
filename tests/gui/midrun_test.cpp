// What a person does to a run that trains: single minibatches, another estimator, and how the plots show it.

#include "tests/support/gui_test.h"
#include "ui/session/session_state.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/panel_section.h"

#include <QAbstractEventDispatcher>
#include <QComboBox>
#include <QEventLoop>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSlider>

using namespace zipml;
using ui::CurveRole;

namespace {

RunSpec longSpec() {
    RunSpec spec;
    spec.data.source = "synthetic:10x640";
    spec.estimator = EstimatorKind::Naive;
    spec.bits = 2;
    spec.sgd.batch = 64;
    spec.sgd.epochs = 100'000;
    return spec;
}

const ui::Curve& mainCurve(const ui::LivePlot& plot) {
    const auto& curves = plot.curves();
    return *std::ranges::find(curves, CurveRole::Main, &ui::Curve::role);
}

bool hasNote(const ui::LivePlot& plot, const QString& text) {
    return std::ranges::any_of(plot.curves(), [&](const ui::Curve& curve) {
        return curve.role == CurveRole::Notes &&
               std::ranges::any_of(curve.labels, [&](const QString& label) { return label.contains(text); });
    });
}

} // namespace

class MidrunTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void singleMinibatchesAreSeenInTheCurve() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.show();
        experiment.startAll({longSpec()});
        QTRY_VERIFY(page.runs().at(0).epochs.size() >= 2);
        test::actionNamed(page, "Pause")->trigger();
        QTRY_COMPARE(page.runs().at(0).state, ui::RunState::Paused);
        const auto states = [&] { return page.runs().at(0).steps.size() + page.runs().at(0).epochs.size(); };
        for (std::size_t at = 0; at != states();) { // until what was on its way has come
            at = states();
            QTest::qWait(250);
        }
        auto* step = test::actionNamed(page, "Step one minibatch");
        QVERIFY(step->isEnabled());
        const ui::RunView before = page.runs().at(0);
        for (std::size_t i = 1; i <= 12; ++i) { // over the end of an epoch
            const auto at = states();
            step->trigger();
            QTRY_COMPARE(states(), at + 1);
            QTest::qWait(5);
            QCOMPARE(states(), at + 1);
            QCOMPARE(page.runs().at(0).state, ui::RunState::Paused);
        }
        const ui::RunView& run = page.runs().at(0);
        QVERIFY(run.epochs.size() > before.epochs.size());
        QVERIFY(run.steps.size() >= 10);
        const ui::Curve& curve = mainCurve(page.lossPlot());
        QCOMPARE(curve.x.size(), qsizetype(1 + run.epochs.size() + run.steps.size()));
        QVERIFY(std::ranges::is_sorted(curve.x));
        QVERIFY(std::ranges::find(curve.x, run.steps.back().position()) != curve.x.end());
        const QString epoch = page.table().model()->index(0, 5).data().toString();
        QVERIFY2(epoch.contains('.') || run.epochs.back().position() > run.steps.back().position(),
                 qPrintable(epoch));

        // Kept in a session, with what they show.
        const Session session = ui::sessionOf(page.runs(), experiment.spec(), page);
        ui::ExperimentModel another;
        ui::TrainingPage other(another);
        ui::showSession(parseSession(sessionText(session), "a session").session, another, other);
        QCOMPARE(mainCurve(other.lossPlot()).x, curve.x);
        QCOMPARE(mainCurve(other.lossPlot()).y, curve.y);
        page.runs().clear();
    }

    // Nor does it once it was stepped, and its news still comes.
    void aPausedRunWakesNobody() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        experiment.startAll({longSpec()});
        QTRY_VERIFY(page.runs().at(0).epochs.size() >= 2);
        const auto wakeUps = [&] {
            QTRY_COMPARE(page.runs().at(0).state, ui::RunState::Paused);
            QTest::qWait(1500); // what was on its way has come
            int count = 0;
            const auto counting = connect(QAbstractEventDispatcher::instance(),
                                          &QAbstractEventDispatcher::awake, this, [&] { ++count; });
            QEventLoop loop;
            QTimer::singleShot(2000, &loop, &QEventLoop::quit);
            loop.exec();
            disconnect(counting);
            QVERIFY2(count < 20, qPrintable(QString("%1 times in 2 s").arg(count)));
        };
        test::actionNamed(page, "Pause")->trigger();
        wakeUps();
        const auto epochs = page.runs().at(0).epochs.size();
        test::actionNamed(page, "Step")->trigger();
        QTRY_COMPARE(page.runs().at(0).epochs.size(), epochs + 1);
        wakeUps();
        test::actionNamed(page, "Stop")->trigger();
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(page.runs().at(0).state, ui::RunState::Stopped);
    }

    void goOnWithAnotherEstimator() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        page.show();
        experiment.startAll({longSpec()});
        QTRY_VERIFY(page.runs().at(0).epochs.size() >= 2);
        page.table().selectRow(0);
        auto* menu = test::actionNamed(page, "Go on with")->menu();
        QVERIFY(menu != nullptr);
        QMenuBar bar;
        bar.addMenu(menu);
        const ui::CommandPalette palette(bar, &page); // which offers only what can be chosen
        const auto* offered = palette.findChild<QListWidget*>();
        QVERIFY(
            !offered->findItems(ui::toQt(entryOf(EstimatorKind::Double).title), Qt::MatchEndsWith).empty());
        QVERIFY(
            offered->findItems(ui::toQt(entryOf(EstimatorKind::Refetch).title), Qt::MatchEndsWith).empty());
        const auto actionOf = [&](EstimatorKind kind) {
            const auto title = ui::toQt(entryOf(kind).title);
            for (auto* action : menu->actions())
                if (action->text() == title)
                    return action;
            return static_cast<QAction*>(nullptr);
        };
        QVERIFY(!actionOf(EstimatorKind::Refetch)->isEnabled()); // for the hinge, and says so
        QVERIFY(actionOf(EstimatorKind::Refetch)->toolTip().contains("hinge", Qt::CaseInsensitive));
        actionOf(EstimatorKind::Double)->trigger();
        QTRY_VERIFY(page.runs().at(0).epochs.back().estimator == EstimatorKind::Double);
        QTRY_VERIFY(hasNote(page.lossPlot(), "→"));
        QVERIFY(hasNote(page.lossPlot(), ui::toQt(entryOf(EstimatorKind::Double).title)));
        page.runs().clear();
    }

    // The bar at the bits: other bits and levels for the run that trains, from its next epoch on; undone by the
    // same Undo as settings.
    void aChangeIsOfferedToTheRunThatTrains() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        auto& experiment = window.experiment();
        experiment.setSpec(longSpec());
        const auto* bar = page.panel().findChild<QWidget*>("midrunBar");
        auto* apply = page.panel().findChild<QPushButton*>("midrunApply");
        const auto* text = page.panel().findChild<QLabel*>("midrunText");
        auto* slider = page.panel().findChild<QSlider*>("bitsSlider");
        slider->setValue(4); // nothing trains
        QVERIFY(!bar->isVisible());
        slider->setValue(2);
        experiment.start();
        const auto bits = [&] {
            return page.runs().at(0).epochs.empty() ? 0 : page.runs().at(0).epochs.back().bits;
        };
        QTRY_COMPARE(bits(), 2);
        QVERIFY(!bar->isVisible()); // nothing was changed
        slider->setValue(5);
        QTRY_VERIFY(bar->isVisible());
        QVERIFY2(text->text().contains("Bits 2 → 5"), qPrintable(text->text()));
        slider->setValue(2);
        QTRY_VERIFY(!bar->isVisible()); // as it trains
        slider->setValue(5);
        auto* grid = page.panel().findChild<QComboBox*>("grid");
        grid->setCurrentIndex(grid->findData(static_cast<int>(GridKind::Quantile)));
        QTRY_VERIFY(bar->isVisible());
        QVERIFY2(text->text().contains("Grid Uniform → Quantiles"), qPrintable(text->text()));
        QCOMPARE(bits(), 2);
        apply->click();
        QVERIFY(!bar->isVisible());
        QTRY_COMPARE(bits(), 5);
        QVERIFY(page.runs().at(0).epochs.back().grid == GridSpec{GridKind::Quantile});
        QVERIFY(page.runs().at(0).spec.bits == 2); // what it began with
        QTRY_VERIFY(hasNote(page.lossPlot(), "Grid →"));

        experiment.history().undoAction()->trigger(); // the run alone
        QTRY_COMPARE(bits(), 2);
        QTRY_VERIFY(page.runs().at(0).epochs.back().grid.value_or(GridSpec{}) == GridSpec{});
        QCOMPARE(experiment.spec().bits, 5);
        experiment.history().redoAction()->trigger();
        QTRY_COMPARE(bits(), 5);
        page.runs().stop({0});
        QVERIFY(test::waitUntilIdle(page));
    }

    // Where it does not go, the bar says why and which control is in the way.
    void whatDoesNotGoMidrunIsGreyedWithTheReason() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        RunSpec spec = longSpec();
        spec.store = StoreKind::AnyPrecision;
        window.experiment().setSpec(spec);
        window.experiment().start();
        QTRY_VERIFY(!page.runs().at(0).epochs.empty());
        auto* store = page.panel().findChild<QComboBox*>("store");
        store->setCurrentIndex(store->findData(static_cast<int>(StoreKind::Packed)));
        auto* grid = page.panel().findChild<QComboBox*>("grid");
        grid->setCurrentIndex(grid->findData(static_cast<int>(GridKind::Quantile)));
        auto* apply = page.panel().findChild<QPushButton*>("midrunApply");
        QTRY_VERIFY(apply->isVisible());
        QVERIFY(!apply->isEnabled());
        const QString why = page.panel().findChild<QLabel*>("midrunText")->text();
        QVERIFY2(why.contains("Store") && why.contains("Grid Uniform") && !why.contains("any-precision"),
                 qPrintable(why));
        page.runs().stop({0});
        QVERIFY(test::waitUntilIdle(page));
        QTRY_VERIFY(!apply->isVisible()); // nothing trains any more
    }

    // The table says what a run spends beside training.
    void measuringIsShownApart() {
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        RunSpec spec = longSpec();
        spec.sgd.epochs = 3;
        experiment.startAll({spec});
        QVERIFY(test::waitUntilIdle(page));
        const ui::RunView& run = page.runs().at(0);
        QVERIFY(run.epochs.back().measuringSeconds > 0);
        const QString tip = page.table().model()->index(0, 0).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains("apart from that, measuring") && tip.contains("solving"), qPrintable(tip));
    }
};

QTEST_MAIN(MidrunTest)
#include "midrun_test.moc"
