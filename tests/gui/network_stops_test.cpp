// Networks that are stopped, paused, removed, closed upon, and go on: at once, or the next time.

#include "tests/support/networks_fixture.h"
#include "ui/networks/confusion_view.h"
#include "ui/networks/filters_view.h"
#include "ui/networks/predictions_view.h"
#include "ui/networks/weights_view.h"

#include <QComboBox>
#include <QLabel>
#include <QMessageBox>

#include <utility>

using namespace zipml;
using namespace zipml::test;

class NetworkStopsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    // Within a minibatch; what was trained stays, and it goes on to the same end as without the stop.
    void aStoppedRunGoesOn() {
        NEEDS_ENGINE();
        NetworksFixture f;
        QVERIFY(f.train());
        deep::DeepSpec spec = tinySpec();
        f.action(Train)->trigger();
        QVERIFY(f.wait([&] { return f.page.runs().at(1).iteration >= 12; }));
        f.action(Stop)->trigger();
        QVERIFY(f.waitUntilIdle());
        const auto& run = f.page.runs().at(1);
        QCOMPARE(run.state, ui::RunState::Stopped);
        const int stoppedAt = run.iteration;
        QVERIFY(stoppedAt >= 12 && stoppedAt < 30);
        QVERIFY(f.action(GoOn)->isEnabled());
        f.action(GoOn)->trigger();
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(run.state, ui::RunState::Finished);
        QCOMPARE(run.setup->resumedAt, stoppedAt);
        const auto& whole = f.page.runs().at(0);
        QCOMPARE(run.epochs.size(), whole.epochs.size());
        for (std::size_t e = 0; e < whole.epochs.size(); ++e) {
            QCOMPARE(run.epochs[e].trainLoss, whole.epochs[e].trainLoss);
            QCOMPARE(run.epochs[e].testAccuracy, whole.epochs[e].testAccuracy);
        }
        QCOMPARE(run.loss.iterations(), whole.loss.iterations());
        QCOMPARE(run.loss.losses(), whole.loss.losses());
    }

    // Stopped or closed upon, a run is there the next time under its name, can be looked at, and goes on to
    // the same end; what has ended or was removed is not.
    void aStoppedRunGoesOnTheNextTime() {
        NEEDS_ENGINE();
        const QTemporaryDir folder;
        deep::DeepSpec spec = tinySpec();
        spec.iterations = 60;
        std::vector<deep::DeepEpoch> whole;
        int stoppedAt = 0;
        std::size_t evaluated = 0;
        {
            NetworksFixture f(spec, folder.path());
            QVERIFY(f.train());
            whole = f.page.runs().at(0).epochs;
            f.action(Train)->trigger();
            QVERIFY(f.wait([&] { return f.page.runs().at(1).iteration >= 12; }));
            f.action(Stop)->trigger();
            QVERIFY(f.waitUntilIdle());
            stoppedAt = f.page.runs().at(1).iteration;
            evaluated = f.page.runs().at(1).epochs.size();
            QVERIFY(stoppedAt < spec.iterations && evaluated > 0);
            f.page.runs().rename(1, "Mine");
            for (int removed = 0; removed < 2; ++removed) { // one at rest, one while it trains
                f.action(Train)->trigger();
                QVERIFY(f.wait([&] { return f.page.runs().at(2).iteration >= 12; }));
                if (removed == 0)
                    f.page.runs().stop({2});
                QVERIFY(removed == 1 || f.waitUntilIdle());
                f.page.runs().remove({2});
            }
        }
        NetworksFixture f(tinySpec(), folder.path());
        QVERIFY(f.wait([&] { return f.page.runs().size() == 1; }));
        const auto& run = f.page.runs().at(0);
        QCOMPARE(run.state, ui::RunState::Stopped);
        QCOMPARE(run.name, "Mine");
        QCOMPARE(run.iteration, stoppedAt);
        QCOMPARE(run.epochs.size(), evaluated);
        QCOMPARE(f.page.accuracyPlot().curves()[0].x[0], 10.0);
        f.control<QComboBox>("networkX")->setCurrentIndex(1);
        QCOMPARE(f.page.accuracyPlot().curves()[0].x[0], 1.0); // 20 of 200 images a minibatch
        auto& inspector = f.page.inspector();
        for (QWidget* view : std::initializer_list<QWidget*>{&inspector.filters(), &inspector.confusion(),
                                                             &inspector.predictions(), &inspector.ownImage(),
                                                             &inspector.weights()})
            f.look(*view);
        QCOMPARE(inspector.weights().plot().curves().size(), std::size_t{2});
        QVERIFY(f.action(GoOn)->isEnabled());
        f.action(GoOn)->trigger();
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(run.state, ui::RunState::Finished);
        QCOMPARE(run.setup->resumedAt, stoppedAt);
        QCOMPARE(run.epochs.size(), whole.size());
        for (std::size_t e = 0; e < whole.size(); ++e) {
            QCOMPARE(run.epochs[e].trainLoss, whole[e].trainLoss);
            QCOMPARE(run.epochs[e].testAccuracy, whole[e].testAccuracy);
        }
        QVERIFY2(f.messages.isEmpty(), qPrintable(f.messages.join('\n')));
        NetworksFixture beside(tinySpec(), folder.path()); // the folder is another window's
        QVERIFY(!beside.page.runs().lasting());
    }

    void aDamagedCheckpointIsTold() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("run-4.ck"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no checkpoint");
        file.close();
        NetworksFixture f(tinySpec(), folder.path());
        QVERIFY(f.wait([&] { return !f.messages.isEmpty(); }));
        QVERIFY2(f.messages[0].contains("run-4.ck"), qPrintable(f.messages[0]));
        QCOMPARE(f.page.runs().size(), 0);
    }

    // The question is the session's: asked once, for all that closing would cost.
    void closingAsksWhileANetworkTrains() {
        NEEDS_ENGINE();
        QDir(ui::NetworksPage::usualFolder()).removeRecursively();
        deep::DeepSpec spec = tinySpec();
        spec.iterations = 100'000;
        {
            ui::MainWindow window;
            window.show();
            auto& networks = window.page<ui::NetworksPage>();
            networks.panel().setSpec(spec);
            networks.menuActions()[Train]->trigger();
            QVERIFY(NetworksFixture::wait([&] { return networks.runs().at(0).iteration > 2; }));
            QVERIFY(!window.close());
            auto* box = window.findChild<QMessageBox*>("unsavedChanges");
            QVERIFY(box);
            QVERIFY2(box->text().contains("of 100000") && !box->text().contains("session"),
                     qPrintable(box->text()));
            box->button(QMessageBox::Cancel)->click();
            QTRY_VERIFY(window.findChild<QMessageBox*>("unsavedChanges") == nullptr);
            QVERIFY(window.isVisible() && networks.runs().anyActive());
            QVERIFY(!window.close());
            window.findChild<QMessageBox*>("unsavedChanges")->button(QMessageBox::Close)->click();
            QTRY_VERIFY(!window.isVisible());
        }
        ui::MainWindow window; // and it kept its word
        QVERIFY(NetworksFixture::wait([&] { return window.page<ui::NetworksPage>().runs().size() == 1; }));
        QVERIFY(window.page<ui::NetworksPage>().runs().canGoOn(0));
        window.show();
        QVERIFY(window.close()); // nothing trains
        window.page<ui::NetworksPage>().runs().remove({0});
    }

    void pausedRunsWait() {
        NEEDS_ENGINE();
        deep::DeepSpec spec = tinySpec();
        spec.iterations = 100'000;
        NetworksFixture f(spec);
        f.action(Train)->trigger();
        f.action(Train)->trigger();
        QVERIFY(f.wait([&] { return f.page.runs().at(0).iteration > 2; }));
        QCOMPARE(f.page.runs().at(1).state, ui::RunState::Queued);
        f.action(Pause)->trigger();
        int at = -1;
        QVERIFY(f.wait([&] { // the iteration that it is in comes to its end
            QTest::qWait(300);
            return std::exchange(at, f.page.runs().at(0).iteration) == f.page.runs().at(0).iteration;
        }));
        QCOMPARE(f.page.runs().at(1).state, ui::RunState::Queued); // quiet means quiet
        QVERIFY(f.control<QLabel>("networkStatus")->text().contains("paused"));
        f.action(Pause)->trigger();
        QVERIFY(f.wait([&] { return f.page.runs().at(0).iteration > at; }));
        f.action(Stop)->trigger();
        QVERIFY(f.waitUntilIdle());
    }

    // By the same Ctrl+Z as runs and settings: one that has ended with its curves, one that trained goes on.
    void aRemovedNetworkComesBack() {
        NEEDS_ENGINE();
        QDir(ui::NetworksPage::usualFolder()).removeRecursively();
        ui::MainWindow window;
        window.resize(1280, 800);
        window.show();
        window.showPage("networks");
        auto& page = window.page<ui::NetworksPage>();
        auto& runs = page.runs();
        const auto press = [&](Qt::Key key, Qt::KeyboardModifiers with = {}) {
            page.table().setFocus();
            QTest::keyClick(&page.table(), key, with);
        };
        page.panel().setSpec(tinySpec());
        page.menuActions()[Train]->trigger();
        QVERIFY(NetworksFixture::wait([&] { return !runs.anyActive(); }));
        const auto losses = runs.at(0).loss.losses();
        const int id = runs.at(0).id;
        deep::DeepSpec spec = tinySpec();
        spec.iterations = 100'000;
        page.panel().setSpec(spec);
        page.menuActions()[Train]->trigger();
        QVERIFY(NetworksFixture::wait([&] { return runs.at(1).iteration > 2; }));
        page.table().selectAll();
        press(Qt::Key_Delete);
        QCOMPARE(runs.size(), 0);
        QVERIFY(page.lossPlot().curves().empty());
        press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(runs.size(), 2);
        QCOMPARE(runs.at(0).id, id);
        QCOMPARE(runs.at(0).state, ui::RunState::Finished);
        QCOMPARE(runs.at(0).loss.losses(), losses);
        QVERIFY(!page.lossPlot().curves().empty());
        QVERIFY(
            NetworksFixture::wait([&] { return runs.at(1).setup->resumedAt > 0; })); // from its checkpoint
        const int then = runs.at(1).iteration;
        QVERIFY(NetworksFixture::wait([&] { return runs.at(1).iteration > then; }));
        press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(runs.size(), 0);
        press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(runs.size(), 2);
        // Settings that are not seen here are not undone from here.
        RunSpec other = window.experiment().spec();
        other.bits = other.bits == 5 ? 6 : 5;
        window.experiment().setSpec(other);
        QTest::qWait(50);
        press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(window.experiment().spec().bits, other.bits);
        QCOMPARE(runs.size(), 2);
        runs.stop({0, 1});
        QVERIFY(NetworksFixture::wait([&] { return !runs.anyActive(); }));
        runs.forget(runs.remove({0, 1}));
    }

    void whatWasPutBackCanBeStopped() {
        NEEDS_ENGINE();
        deep::DeepSpec spec = tinySpec();
        spec.iterations = 100'000;
        NetworksFixture f(spec);
        auto& runs = f.page.runs();
        f.action(Train)->trigger();
        QVERIFY(f.wait([&] { return runs.at(0).iteration > 2; }));
        const auto ids = runs.remove({0});
        QTest::qWait(500); // it has ended by now
        runs.putBack(ids);
        const auto trains = [&] {
            return runs.at(0).state == ui::RunState::Running && runs.at(0).iteration > 2;
        };
        QVERIFY(f.wait(trains));
        runs.stop({0});
        QVERIFY(f.wait([&] { return runs.at(0).state == ui::RunState::Stopped; }));
        QVERIFY(!QTest::qWaitFor([&] { return runs.anyActive(); }, 300));
    }

    // The window stays quick and leaves at once while a network trains.
    void thePageCanBeLeftAtAnyTime() {
        NEEDS_ENGINE();
        deep::DeepSpec spec = tinySpec();
        spec.iterations = 100'000;
        NetworksFixture f(spec);
        f.action(Train)->trigger();
        QVERIFY(f.wait([&] { return f.page.runs().at(0).iteration > 2; }));
        f.page.table().selectRow(0);
        f.page.runs().remove({0});
        QCOMPARE(f.page.runs().size(), 0);
        QVERIFY(f.page.lossPlot().curves().empty());
        f.action(Train)->trigger(); // once the other has left
        QVERIFY(f.wait([&] { return f.page.runs().at(0).iteration > 2; }));
    }
};

QTEST_MAIN(NetworkStopsTest)
#include "network_stops_test.moc"
