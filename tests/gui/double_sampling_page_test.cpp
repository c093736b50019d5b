// The page of double sampling, driven as a person would.

#include "tests/support/gui_test.h"
#include "ui/double_sampling/double_sampling_page.h"
#include "ui/double_sampling/estimate_table_model.h"
#include "ui/double_sampling/plane_panel.h"

#include <QAbstractSlider>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QSpinBox>
#include <QXmlStreamReader>

using namespace zipml;
using Eigen::Vector2d;
using ui::EstimateTableModel;

namespace {

enum Action { DrawAgain, Animate, ToOptimum, Reset };

struct Fixture {
    ui::DoubleSamplingPage page;
    int results = 0;

    Fixture() {
        QObject::connect(&page, &ui::DoubleSamplingPage::resultShown, &page, [this] { ++results; });
        page.resize(1280, 700);
        page.show();
    }
    template <class Predicate>
    static bool waitFor(Predicate predicate) {
        return QTest::qWaitFor(predicate, static_cast<int>(60'000 * test::timeScale()));
    }
    /// Until the page shows what is asked for.
    bool settle() {
        return waitFor(
            [this] { return page.plot().result() && page.plot().result()->request == page.request(); });
    }
    template <class Widget>
    Widget* control(const char* name) {
        return page.findChild<Widget*>(name);
    }
    void setBits(int bits) { control<QWidget>("bits")->findChild<QAbstractSlider*>()->setValue(bits); }
    QVariant cell(int row, int column, int role = EstimateTableModel::kNumberRole) {
        return page.table().model()->index(row, column).data(role);
    }
    QPoint pixelOf(const Vector2d& point) {
        auto* plot = page.plot().plot();
        return {qRound(plot->xAxis->coordToPixel(point[0])), qRound(plot->yAxis->coordToPixel(point[1]))};
    }
    void mouse(QEvent::Type type, const QPoint& at) {
        auto* plot = page.plot().plot();
        const bool move = type == QEvent::MouseMove;
        QMouseEvent event(type, at, plot->mapToGlobal(at), move ? Qt::NoButton : Qt::LeftButton,
                          type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(plot, &event);
    }
};

const ui::Curve* curveNamed(const ui::PlanePlot& plot, const QString& name) {
    for (const auto& curve : plot.curves())
        if (curve.name == name)
            return &curve;
    return nullptr;
}

} // namespace

class DoubleSamplingPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    // The numbers are the core's, and say what the page is for.
    void theTableShowsWhatWasDrawn() {
        Fixture f;
        QVERIFY(f.settle());
        ThreadTeam team(1);
        const auto expected = ui::computePlane(f.page.request(), team);
        QCOMPARE(f.page.table().model()->rowCount(), 3);
        for (int row = 0; row < 3; ++row) {
            const GradientCloud& cloud = expected.clouds[static_cast<std::size_t>(row)];
            QCOMPARE(f.cell(row, EstimateTableModel::Bias).toDouble(), cloud.biasNorm);
            QCOMPARE(f.cell(row, EstimateTableModel::StandardError).toDouble(),
                     cloud.statistics.standardError());
            QCOMPARE(f.cell(row, EstimateTableModel::StoredBits).toInt(), cloud.storedBits);
        }
        QVERIFY(f.cell(0, EstimateTableModel::Verdict, Qt::DisplayRole).toString().startsWith("not 0"));
        for (const int row : {1, 2})
            QVERIFY(f.cell(row, EstimateTableModel::Verdict, Qt::DisplayRole)
                        .toString()
                        .startsWith("consistent with 0"));
        // On the plot: arrows from the point, minus the gradient.
        const auto* truth = curveNamed(f.page.plot(), "True gradient");
        QVERIFY(truth != nullptr);
        QVERIFY((Vector2d(truth->x[1], truth->y[1]) - (f.page.request().at - expected.gradient)).norm() <
                1e-12);
    }

    void bitsAreLive() {
        Fixture f;
        QVERIFY(f.settle());
        double before = f.cell(0, EstimateTableModel::Bias).toDouble();
        for (const int bits : {3, 4, 5}) {
            f.setBits(bits);
            QVERIFY(f.settle());
            QCOMPARE(f.page.plot().result()->request.bits, bits);
            const double bias = f.cell(0, EstimateTableModel::PredictedBias).toDouble();
            QVERIFY(bias < before / 2); // a bit more: about a quarter
            QCOMPARE(f.cell(0, EstimateTableModel::StoredBits).toInt(), bits);
            QCOMPARE(f.cell(1, EstimateTableModel::StoredBits).toInt(), bits + 1);
            before = bias;
        }
    }

    void thePointIsDragged() {
        Fixture f;
        QVERIFY(f.settle());
        for (int i = 0; i < 3; ++i) // the room for the axes depends on their numbers, and they on it
            f.page.plot().plot()->replot();
        const Vector2d start = f.page.request().at;
        const QPoint from = f.pixelOf(start), to = from + QPoint(-120, -80);
        const QCPRange x = f.page.plot().plot()->xAxis->range();
        f.mouse(QEvent::MouseButtonPress, from);
        for (int i = 1; i <= 10; ++i)
            f.mouse(QEvent::MouseMove, from + (to - from) * i / 10);
        QVERIFY(f.settle());
        QCOMPARE(f.page.plot().plot()->xAxis->range(), x); // nothing runs away under the mouse
        const Vector2d moved = f.page.plot().result()->request.at;
        QVERIFY(moved[0] < start[0] && moved[1] > start[1]);
        const QPoint shown = f.pixelOf(moved);
        QVERIFY((shown - to).manhattanLength() <= 3);
        QCOMPARE(f.control<QDoubleSpinBox>("x1")->value(), moved[0]);
        f.mouse(QEvent::MouseButtonRelease, to);
        // Beside the point the mouse pans.
        f.mouse(QEvent::MouseButtonPress, f.pixelOf(moved) + QPoint(60, 0));
        f.mouse(QEvent::MouseMove, f.pixelOf(moved) + QPoint(90, 0));
        f.mouse(QEvent::MouseButtonRelease, f.pixelOf(moved) + QPoint(90, 0));
        QVERIFY(f.page.request().at == moved);
    }

    // Results come while the mouse moves, however often it does.
    void aDragIsFollowed() {
        Fixture f;
        QVERIFY(f.settle());
        const QPoint from = f.pixelOf(f.page.request().at);
        f.mouse(QEvent::MouseButtonPress, from);
        const int before = f.results;
        QElapsedTimer timer;
        timer.start();
        for (int i = 1; f.results < before + 3; ++i) {
            f.mouse(QEvent::MouseMove, from - QPoint(i % 200, 0));
            QTest::qWait(1);
            QVERIFY(static_cast<double>(timer.elapsed()) < 60'000 * test::timeScale());
        }
        f.mouse(QEvent::MouseButtonRelease, from);
    }

    void arrowKeysMoveThePoint() {
        Fixture f;
        QVERIFY(f.settle());
        const Vector2d start = f.page.request().at;
        QTest::keyClick(&f.page.plot(), Qt::Key_Right);
        QTest::keyClick(&f.page.plot(), Qt::Key_Up);
        const Vector2d coarse = f.page.request().at;
        QVERIFY(coarse[0] > start[0] && coarse[1] > start[1]);
        QTest::keyClick(&f.page.plot(), Qt::Key_Left, Qt::ShiftModifier);
        const double fine = coarse[0] - f.page.request().at[0];
        QVERIFY(fine > 0 && fine < (coarse[0] - start[0]) / 5);
        QVERIFY(f.settle());
    }

    // Whenever a result is shown, it is of the settings on the left.
    void aLateResultOfAnOldRequestIsNotShown() {
        Fixture f;
        QVERIFY(f.settle());
        f.control<QWidget>("draws")->findChild<QAbstractSlider*>()->setValue(2000);
        int stale = 0;
        connect(&f.page, &ui::DoubleSamplingPage::resultShown, &f.page, [&] {
            ui::PlaneRequest shown = f.page.plot().result()->request;
            shown.at = f.page.request().at;
            stale += shown == f.page.request() ? 0 : 1;
        });
        for (int i = 0; i < 30; ++i) {
            f.setBits(1 + i % 8);
            QTest::qWait(i % 5);
        }
        QVERIFY(f.settle());
        QTest::qWait(50);
        QCOMPARE(stale, 0);
    }

    // The same for the worker itself: after a request that differs in more than the point, nothing of an
    // earlier one comes, whether it was done or under way.
    void theWorkerForgetsWhatNobodyWaitsFor() {
        ui::PlaneWorker worker;
        ui::PlaneRequest first;
        first.draws = 2000;
        for (int round = 0; round < 20; ++round) {
            worker.ask(first);
            QTest::qSleep(round); // under way, or done
            ui::PlaneRequest second;
            second.bits = 3 + round % 2;
            worker.ask(second);
            std::optional<ui::PlaneResult> result;
            QVERIFY(Fixture::waitFor([&] { return (result = worker.job().take().result).has_value(); }));
            QVERIFY(result->request == second);
        }
        // Of two points, the newest comes last.
        ui::PlaneRequest moved;
        for (int i = 0; i < 20; ++i) {
            moved.at[0] = i;
            worker.ask(moved);
        }
        double last = -1;
        QVERIFY(Fixture::waitFor([&] {
            if (const auto result = worker.job().take().result)
                last = result->request.at[0];
            return worker.job().idle();
        }));
        if (const auto result = worker.job().take().result)
            last = result->request.at[0];
        QCOMPARE(last, 19.0);
    }

    void drawAgainDrawsOthers() {
        Fixture f;
        QVERIFY(f.settle());
        const double before = f.cell(1, EstimateTableModel::Bias).toDouble();
        const double variance = f.cell(0, EstimateTableModel::PredictedBias).toDouble();
        f.page.barActions()[DrawAgain]->trigger();
        QVERIFY(f.settle());
        QVERIFY(f.cell(1, EstimateTableModel::Bias).toDouble() != before);
        QCOMPARE(f.cell(0, EstimateTableModel::PredictedBias).toDouble(), variance); // the problem stays
        f.page.barActions()[Reset]->trigger();
        QVERIFY(f.settle());
        QCOMPARE(f.cell(1, EstimateTableModel::Bias).toDouble(), before);
    }

    void theAnimationShowsThePathUpdateByUpdate() {
        Fixture f;
        f.control<QSpinBox>("updates")->setValue(20);
        QVERIFY(f.settle());
        const auto length = [&] { return curveNamed(f.page.plot(), "Naive stochastic: path")->x.size(); };
        QCOMPARE(length(), 21);
        auto* animate = f.page.barActions()[Animate];
        animate->trigger();
        QCOMPARE(length(), 1);
        QVERIFY(f.waitFor([&] { return length() > 3; }));
        QVERIFY(f.waitFor([&] { return !animate->isChecked(); }));
        QCOMPARE(length(), 21);
    }

    void atTheOptimumTheTrueGradientVanishes() {
        Fixture f;
        QVERIFY(f.settle());
        f.page.barActions()[ToOptimum]->trigger();
        QVERIFY(f.settle());
        const auto& result = *f.page.plot().result();
        QVERIFY(result.gradient.norm() < 1e-2); // the boxes have three decimals
        QVERIFY(f.cell(0, EstimateTableModel::Verdict, Qt::DisplayRole).toString().startsWith("not 0"));
    }

    // Without scatter and bias, 0 is 0.
    void exactIsShownAsExact() {
        Fixture f;
        f.control<QCheckBox>("full")->setChecked(true);
        f.control<QSpinBox>("batch")->setValue(5000);
        QVERIFY(f.settle());
        QCOMPARE(f.cell(0, EstimateTableModel::Bias, Qt::DisplayRole).toString(), "0");
        QCOMPARE(f.cell(0, EstimateTableModel::Verdict, Qt::DisplayRole).toString(), "exact");
        for (const char* name : {"full", "naive", "double", "corrected"})
            f.control<QCheckBox>(name)->setChecked(false);
        QVERIFY(f.settle());
        QCOMPARE(f.page.table().model()->rowCount(), 0);
        QVERIFY(curveNamed(f.page.plot(), "True gradient") != nullptr);
    }

    void whatDivergesIsSaid() {
        Fixture f;
        QStringList messages;
        connect(&f.page, &ui::DoubleSamplingPage::message, &f.page,
                [&](const QString& text, bool) { messages << text; });
        f.control<QDoubleSpinBox>("step")->setValue(5);
        QVERIFY(f.settle());
        f.page.barActions()[DrawAgain]->trigger();
        QVERIFY(f.settle());
        QCOMPARE(messages.size(), 1); // not again and again
        QVERIFY2(messages[0].startsWith("Naive stochastic diverged"), qPrintable(messages[0]));
        // The view is that of what did not.
        QVERIFY(f.page.plot().plot()->xAxis->range().size() < 100);
    }

    void togglesShowAndHide() {
        Fixture f;
        QVERIFY(f.settle());
        for (const auto& [box, curve] : {std::pair{"showClouds", "Naive stochastic: an estimate"},
                                         {"showMeans", "Naive stochastic"},
                                         {"showPaths", "Naive stochastic: path"},
                                         {"showContours", "Contour of the loss"}}) {
            QVERIFY2(curveNamed(f.page.plot(), curve) != nullptr, curve);
            f.control<QCheckBox>(box)->click();
            QVERIFY2(curveNamed(f.page.plot(), curve) == nullptr, curve);
        }
    }

    void aUnitIsAsLongOnBothAxes() {
        Fixture f;
        QVERIFY(f.settle());
        const auto ratio = [&] {
            auto* plot = f.page.plot().plot();
            return plot->xAxis->range().size() / plot->axisRect()->width() /
                   (plot->yAxis->range().size() / plot->axisRect()->height());
        };
        QVERIFY(f.waitFor([&] { return std::abs(ratio() - 1) < 0.02; }));
        f.page.resize(1000, 800);
        QVERIFY(f.waitFor([&] { return std::abs(ratio() - 1) < 0.02; }));
        QTest::keyClick(&f.page.plot(), Qt::Key_Plus);
        QVERIFY(std::abs(ratio() - 1) < 0.02);
    }

    void exportsAreWellFormed() {
        const QTemporaryDir folder;
        Fixture f;
        QVERIFY(f.settle());
        const auto bytesOf = [&](const QString& name) {
            f.page.plot().exportTo(folder.filePath(name));
            QFile in(folder.filePath(name));
            return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
        };
        QCOMPARE(QImage::fromData(bytesOf("plane.png"), "PNG").size(), QSize(1600, 1280));
        const auto svg = bytesOf("plane.svg");
        QXmlStreamReader xml(svg);
        while (!xml.atEnd())
            xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(bytesOf("plane.pdf").startsWith("%PDF-"));
        const auto csv = QString::fromUtf8(bytesOf("plane.csv"));
        QVERIFY(csv.startsWith("\"The point x: x₁\",\"The point x: x₂\""));
        QVERIFY(csv.contains("Double sampling: an estimate: x₂") && !csv.contains("Contour"));
        QCOMPARE(csv.count('\n'), 1 + 200); // a header, an estimate a line; the paths are shorter
    }

    void everyControlHasANameAndATip() {
        Fixture f;
        int controls = 0;
        for (auto* widget : f.page.findChildren<QWidget*>()) {
            const auto* button = qobject_cast<QAbstractButton*>(widget);
            const bool control = button || qobject_cast<QAbstractSpinBox*>(widget) ||
                                 (qobject_cast<QAbstractSlider*>(widget) && !widget->inherits("QScrollBar"));
            if (!control || widget->inherits("QTableCornerButton") || !widget->isVisibleTo(&f.page))
                continue;
            ++controls;
            const bool named = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
            QVERIFY2(named, qPrintable(widget->objectName()));
            QVERIFY2(!widget->toolTip().isEmpty(), qPrintable(widget->objectName()));
            QVERIFY2(widget->focusPolicy() & Qt::TabFocus, qPrintable(widget->objectName()));
        }
        QVERIFY(controls >= 20);
        for (const auto* action : f.page.barActions())
            QVERIFY(!action->statusTip().isEmpty() && !action->shortcut().isEmpty());
    }
};

QTEST_MAIN(DoubleSamplingPageTest)
#include "double_sampling_page_test.moc"
