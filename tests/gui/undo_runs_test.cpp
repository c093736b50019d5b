// Runs that were removed come back: by the keys that undo settings, in one history, with curves and notes.

#include "core/document/session.h"
#include "tests/support/gui_test.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/session/session_controller.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

using namespace zipml;

namespace {

RunSpec smallSpec(int bits, int epochs = 6) {
    RunSpec spec;
    spec.data.source = "synthetic:10x400";
    spec.sgd.epochs = epochs;
    spec.bits = bits;
    return spec;
}

/// What a person sees of a run.
struct Seen {
    int id;
    QString name;
    ui::RunState state;
    bool visible;
    std::vector<double> losses;
    bool operator==(const Seen&) const = default;
};

std::vector<Seen> seen(const ui::RunList& runs) {
    std::vector<Seen> all;
    for (int row = 0; row < runs.size(); ++row) {
        const ui::RunView& run = runs.at(row);
        all.push_back({run.id, run.name, run.state, run.visible, {}});
        for (const auto& epoch : run.epochs)
            all.back().losses.push_back(epoch.trainLoss);
    }
    return all;
}

} // namespace

class UndoRunsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }
    void init() { QDir(ui::Autosave::usualFolder()).removeRecursively(); }

    // Settings and runs, one step after the other, in the order in which they were changed.
    void resetIsUndoneByTheKeysOfSettings() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto& page = window.page<ui::TrainingPage>();
        ui::RunList& runs = page.runs();
        window.experiment().startAll({smallSpec(2), smallSpec(3), smallSpec(4)});
        QVERIFY(test::waitUntilIdle(page));
        runs.rename(1, "the one that counts");
        runs.setVisible(2, false);
        page.plots().setNote(runs.at(1).id, 3, "look here");
        auto* bits = page.panel().findChild<QSpinBox*>("bits");
        bits->setFocus();
        QTest::keyClick(bits, Qt::Key_Up);
        QTRY_VERIFY(window.experiment().history().undoAction()->isEnabled());
        const int changed = bits->value();
        const auto before = seen(runs);
        const auto curves = page.lossPlot().curves();

        test::actionNamed(page, "Reset")->trigger();
        QCOMPARE(runs.size(), 0);
        QVERIFY2(window.messages().text().contains("Undo"), qPrintable(window.messages().text()));
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bits->value(), changed); // not the settings' turn yet
        QVERIFY(seen(runs) == before);
        QCOMPARE(page.lossPlot().curves().size(), curves.size());
        for (std::size_t i = 0; i < curves.size(); ++i) {
            QCOMPARE(page.lossPlot().curves()[i].y, curves[i].y);
            QCOMPARE(page.lossPlot().curves()[i].labels, curves[i].labels); // the note
        }
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bits->value(), changed - 1);
        QVERIFY(seen(runs) == before);
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(runs.size(), 0);
        QCOMPARE(bits->value(), changed);
    }

    void aRemovedRunComesBackInItsRow() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto& page = window.page<ui::TrainingPage>();
        ui::RunList& runs = page.runs();
        window.experiment().startAll({smallSpec(2), smallSpec(3), smallSpec(4)});
        QVERIFY(test::waitUntilIdle(page));
        const auto before = seen(runs);
        page.table().selectionModel()->setCurrentIndex(page.table().model()->index(1, 0),
                                                       QItemSelectionModel::ClearAndSelect |
                                                           QItemSelectionModel::Rows);
        page.table().setFocus();
        QTest::keyClick(&page.table(), Qt::Key_Delete);
        QCOMPARE(runs.size(), 2);
        window.experiment().startAll({smallSpec(5)}); // stays when the other comes back
        QVERIFY(test::waitUntilIdle(page));
        window.experiment().history().undoAction()->trigger();
        QCOMPARE(runs.size(), 4);
        auto after = seen(runs);
        QCOMPARE(after.back().losses.size(), 6U);
        after.pop_back();
        QVERIFY(after == before);
    }

    void whatTrainedGoesOn() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        ui::RunList& runs = page.runs();
        window.experiment().startAll({smallSpec(3, 1'000'000)});
        QVERIFY(QTest::qWaitFor([&] { return runs.at(0).epochs.size() >= 2; }, 20'000));
        test::actionNamed(page, "Reset")->trigger();
        QCOMPARE(runs.size(), 0);
        QTest::qWait(100);
        window.experiment().history().undoAction()->trigger();
        QCOMPARE(runs.size(), 1);
        const auto then = runs.at(0).epochs.size();
        QVERIFY(QTest::qWaitFor([&] { return runs.at(0).epochs.size() > then + 2; }, 20'000));
        for (std::size_t e = 0; e < runs.at(0).epochs.size(); ++e)
            QCOMPARE(runs.at(0).epochs[e].epoch, static_cast<int>(e + 1));
        // Another run may want what it holds: from then on it has stopped.
        test::actionNamed(page, "Reset")->trigger();
        window.experiment().startAll({smallSpec(2)});
        window.experiment().history().undoAction()->trigger();
        QCOMPARE(runs.size(), 2);
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(runs.at(0).state, ui::RunState::Stopped);
        QVERIFY(runs.at(0).record && runs.at(0).epochs.size() > then);
    }

    void openingASessionIsUndone() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("other.zipml"), own = folder.filePath("own.zipml");
        {
            ui::MainWindow window;
            window.experiment().startAll({smallSpec(7)});
            QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
            window.page<ui::TrainingPage>().plots().setNote(0, 2, "theirs");
            window.session().saveTo(file);
            QVERIFY(QTest::qWaitFor([&] { return !window.session().modified(); }));
        }
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        window.experiment().startAll({smallSpec(2), smallSpec(3)});
        QVERIFY(test::waitUntilIdle(page));
        page.plots().setNote(page.runs().at(0).id, 2, "mine");
        page.findChild<QSpinBox*>("bits")->setValue(6);
        window.session().saveTo(own);
        QVERIFY(QTest::qWaitFor([&] { return !window.session().modified(); }));
        const auto before = seen(page.runs());
        const auto notes = page.plots().notes();
        window.open(file);
        QVERIFY(QTest::qWaitFor([&] { return window.session().file() == file; }));
        QCOMPARE(page.runs().size(), 1);
        QCOMPARE(page.runs().at(0).spec.bits, 7);
        QVERIFY(page.runs().at(0).id != before[0].id && page.runs().at(0).id != before[1].id);
        QCOMPARE(page.plots().notes().at(0).at("text"), "theirs");
        window.experiment().history().undoAction()->trigger();
        QVERIFY(seen(page.runs()) == before);
        QCOMPARE(window.experiment().spec().bits, 6);
        QVERIFY(page.plots().notes() == notes);
        QCOMPARE(window.session().file(), own); // saving does not overwrite the other
        QVERIFY(!window.session().modified());
        window.experiment().history().redoAction()->trigger();
        QCOMPARE(window.session().file(), file);
        QCOMPARE(page.runs().at(0).spec.bits, 7);
    }

    // One's own runs stay, and a lesson's come and go as one step.
    void aLessonTouchesNoOwnRun() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        ui::RunList& runs = page.runs();
        window.experiment().startAll({smallSpec(2), smallSpec(3)});
        QVERIFY(test::waitUntilIdle(page));
        runs.setVisible(1, false);
        const auto before = seen(runs);
        const RunSpec settings = window.experiment().spec();
        window.lessons().showLesson(1);
        auto* box = window.lessons().findChildren<ui::LessonActionBox*>().first();
        QTest::mouseClick(box->button(), Qt::LeftButton);
        const int lessons = static_cast<int>(box->action().runs.size());
        QCOMPARE(runs.size(), 2 + lessons);
        QVERIFY(test::waitUntilIdle(page));
        QVERIFY(!runs.at(0).visible && !runs.at(1).visible && runs.at(2).visible);
        QCOMPARE(runs.at(0).epochs.size(), before[0].losses.size());
        const auto menus = page.menus();
        for (auto* action : menus.first().actions)
            if (action != nullptr && action->text() == "Show own runs")
                action->trigger();
        QVERIFY(runs.at(0).visible && !runs.at(1).visible && !runs.at(2).visible); // as they were ticked
        window.experiment().history().undoAction()->trigger();
        QVERIFY(seen(runs) == before);
        QVERIFY(window.experiment().spec() == settings);
        window.experiment().history().redoAction()->trigger();
        QCOMPARE(runs.size(), 2 + lessons);
        QVERIFY(runs.at(2).visible && !runs.at(2).epochs.empty());
    }
};

QTEST_MAIN(UndoRunsTest)
#include "undo_runs_test.moc"
