// A thousand runs of a hundred epochs in table, plots, session and history: what a person does with them takes no
// longer than one can see. The numbers are printed; the limits are loose, since machines are busy.

#include "tests/support/gui_test.h"
#include "tests/support/past_runs.h"
#include "ui/history/history_page.h"
#include "ui/runs/filter_box.h"
#include "ui/runs/run_table.h"
#include "ui/session/session_controller.h"
#include "ui/session/session_state.h"

#include <QFile>

using namespace zipml;
using Table = ui::RunTableModel;

namespace {

constexpr int kRuns = 1000, kEpochs = 100, kShown = 50;

/// Of five widths, two steps and a hundred seeds.
RunSpec specOf(int run) {
    return test::specWith(1 + run % 5, static_cast<std::uint64_t>(1 + run / 10),
                          run / 5 % 2 == 0 ? 0.25 : 0.125);
}

std::vector<ui::RunView> thousandRuns() {
    std::vector<ui::RunView> views;
    for (int id = 0; id < kRuns; ++id) {
        ui::RunView view = test::pastRun(specOf(id), 0.01 + 1e-4 * id, kEpochs);
        view.id = id;
        view.name = QString("run %1").arg(id);
        view.visible = id < kShown;
        views.push_back(std::move(view));
    }
    return views;
}

/// "VmRSS" and its like, in MB.
double memory(const char* what) {
    QFile file("/proc/self/status");
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith(what))
            return line.simplified().split(' ').value(1).toDouble() / 1000;
    return 0;
}

/// Bytes that this process has written to files.
double written() {
    QFile file("/proc/self/io");
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith("wchar:"))
            return line.mid(7).toDouble();
    return 0;
}

template <class Do>
double milliseconds(const Do& work) {
    QElapsedTimer watch;
    watch.start();
    work();
    return static_cast<double>(watch.nsecsElapsed()) / 1e6;
}

/// The least of a few: other processes only add to it.
template <class Do>
double least(int times, const Do& work) {
    double fewest = 1e9;
    for (int i = 0; i < times; ++i)
        fewest = std::min(fewest, milliseconds([&] { work(i); }));
    return fewest;
}

/// @param asked milliseconds, of a machine with nothing else to do
void hold(const char* what, double cost, double asked) {
    constexpr double kLoose = 4;
    qInfo("%s: %.1f ms (asked: %g)", what, cost, asked);
    QVERIFY2(cost < kLoose * asked * test::timeScale(), what);
}

} // namespace

class ThousandRunsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        test::useOwnSettings();
        history_ = folder_.filePath("history");
        ui::HistoryIndex index(history_);
        for (const ui::RunView& view : thousandRuns())
            index.add(historyEntry(ui::sessionRunOf(view), "window"));
    }

    void theWindowStarts() {
        const double bare = memory("VmRSS:");
        const double cost = milliseconds([&] {
            window_ = std::make_unique<ui::MainWindow>(DeviceSources{}, history_);
            window_->resize(1280, 800);
            window_->show();
            QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        });
        hold("start beside a history of 1,000 runs", cost, 1000);
        auto& page = window_->page<ui::HistoryPage>();
        const double listed = milliseconds([&] {
            window_->showPage("history");
            QTRY_COMPARE_WITH_TIMEOUT(page.table().model()->rowCount(), kRuns, 60'000);
        });
        hold("1,000 runs listed on the History page", listed, 1000);
        qInfo("memory of the window with the list: %.0f MB", memory("VmRSS:") - bare);
    }

    void theHistoryIsFilteredAndSorted() {
        auto& page = window_->page<ui::HistoryPage>();
        hold("history filtered",
             least(4,
                   [&](int i) {
                       page.filter().setText(i % 2 == 0 ? "bits<4 step=0.25" : "");
                       QApplication::processEvents();
                   }),
             50);
        page.filter().setText({});
        hold("history sorted",
             least(4,
                   [&](int i) {
                       page.table().sortByColumn(ui::HistoryModel::TestLoss,
                                                 i % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
                       QApplication::processEvents();
                   }),
             50);
    }

    void theTableIsFilledFilteredAndSorted() {
        window_->showPage("training");
        QApplication::processEvents();
        auto views = thousandRuns();
        const double before = memory("VmRSS:");
        hold("1,000 runs put into the table", milliseconds([&] {
                 runs().restore(std::move(views));
                 QApplication::processEvents();
             }),
             1000);
        QTest::qWait(500);
        qInfo("memory of 1,000 runs of 100 epochs: %.0f MB more, of which their maker had a part",
              memory("VmRSS:") - before);
        auto& table = page().runTable();
        hold("table filtered",
             least(4,
                   [&](int i) {
                       table.filter().setText(i % 2 == 0 ? "bits<4 step=0.25" : "");
                       QApplication::processEvents();
                   }),
             50);
        QCOMPARE(table.rows().rowCount(), kRuns);
        hold("table sorted",
             least(4,
                   [&](int i) {
                       table.view().sortByColumn(Table::TestLoss,
                                                 i % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
                       QApplication::processEvents();
                   }),
             50);
        hold("table grouped",
             least(2,
                   [&](int i) {
                       table.groupBy(i == 0 ? Grouping{Grouping::Kind::Alike} : Grouping{});
                       QApplication::processEvents();
                   }),
             50);
    }

    void fiftyChosenRunsAreDrawn() {
        QList<int> chosen;
        hold("50 others chosen, both plots drawn",
             least(4,
                   [&](int i) {
                       chosen.clear();
                       for (int row = 0; row < kShown; ++row)
                           chosen << 100 * i + row;
                       runs().tickOnly(chosen);
                       QApplication::processEvents();
                   }),
             100);
        for (auto* plot : {&page().lossPlot(), &page().secondPlot()})
            hold("50 runs drawn again", least(5, [&](int) { plot->plot()->replot(); }), 33);
    }

    void oneMoreStarts() {
        RunSpec spec = specOf(kRuns);
        spec.sgd.epochs = 3;
        spec.biasDraws = 0;
        double start = 1e9, rest = 1e9;
        for (int i = 0; i < 4; ++i, ++spec.seed) {
            start = std::min(start, milliseconds([&] { runs().start(spec); }));
            rest = std::min(rest, milliseconds([] { QApplication::processEvents(); }));
            QVERIFY(test::waitUntilIdle(page()));
            QTest::qWait(300);
        }
        hold("one more run started beside 1,000", start, 50);
        hold("and what the window does then", rest, 50);
    }

    void whatIsSavedIsWhatHappened() {
        auto& session = window_->session();
        session.flush();
        RunSpec spec = specOf(kRuns + 1);
        spec.sgd.epochs = 100;
        spec.biasDraws = 0;
        constexpr int kMore = 8;
        std::array<double, 2> bytes{};
        for (double& each : bytes) {
            const double before = written();
            for (int i = 0; i < kMore; ++i, ++spec.seed)
                runs().start(spec);
            QVERIFY(test::waitUntilIdle(page()));
            QTest::qWait(4000); // the look is kept behind it
            session.flush();
            each = (written() - before) / 1e6;
        }
        qInfo("saved beside 1,000 runs: %.2f MB for 8 runs of 100 epochs, %.2f MB for 8 more", bytes[0],
              bytes[1]);
        QVERIFY2(bytes[1] < 4, qPrintable(QString::number(bytes[1]))); // all of them are some 40 MB
        qInfo("memory: %.0f MB, at most %.0f MB", memory("VmRSS:"), memory("VmHWM:"));
    }

    void cleanupTestCase() { window_.reset(); }

  private:
    ui::TrainingPage& page() const { return window_->page<ui::TrainingPage>(); }
    ui::RunList& runs() const { return page().runs(); }

    QTemporaryDir folder_;
    QString history_;
    std::unique_ptr<ui::MainWindow> window_;
};

QTEST_MAIN(ThousandRunsTest)
#include "thousand_runs_test.moc"
