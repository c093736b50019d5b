// The history as a person works with it: runs that end are there the next time, are found, tagged, deleted
// and brought back, and stand in the plots again.

#include "core/base/file.h"
#include "core/document/record_file.h"
#include "tests/support/gui_test.h"
#include "tests/support/past_runs.h"
#include "ui/history/history_page.h"
#include "ui/runs/filter_box.h"
#include "ui/session/session_state.h"

#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>

using namespace zipml;
using test::specWith;
using ui::HistoryModel;

namespace {

RunSpec shortSpec(int bits) {
    RunSpec spec = specWith(bits);
    spec.sgd.epochs = 3;
    return spec;
}

QAction* actionOf(const ui::HistoryPage& page, const QString& beginning) {
    for (auto* action : page.menuActions())
        if (action->text().startsWith(beginning))
            return action;
    return nullptr;
}

QStringList namesIn(const ui::HistoryPage& page) {
    QStringList names;
    for (int row = 0; row < page.table().model()->rowCount(); ++row)
        names << page.table().model()->index(row, HistoryModel::Name).data().toString();
    return names;
}

/// Three runs of another time, 3 to 5 bits.
void fill(const QString& folder) {
    ui::HistoryIndex index(folder);
    for (const int bits : {3, 4, 5})
        index.add(historyEntry(ui::sessionRunOf(test::pastRun(specWith(bits), 0.1 * bits)), "train"));
}

} // namespace

class HistoryPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        path_ = folder_->filePath("history");
    }

    void runsOfTheLastTimeAreThere() {
        {
            ui::MainWindow window({}, path_);
            window.experiment().startAll({shortSpec(3), shortSpec(4)});
            QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        }
        ui::MainWindow window({}, path_);
        window.show();
        window.showPage("history");
        auto& page = window.page<ui::HistoryPage>();
        QTRY_COMPARE(namesIn(page).size(), 2);
        QVERIFY(namesIn(page).contains("Double sampling, 3 bits"));
        // Enter puts it into the plots.
        page.table().setFocus();
        page.table().selectRow(0);
        QTest::keyClick(&page.table(), Qt::Key_Return);
        auto& runs = window.experiment().runs();
        QTRY_COMPARE(runs.size(), 1);
        QCOMPARE(window.currentPage().card().name, "training");
        QCOMPARE(runs.at(0).state, ui::RunState::Finished);
        QCOMPARE(runs.at(0).epochs.size(), 3U);
        QVERIFY(window.page<ui::TrainingPage>().exportAction() != nullptr);
        window.page<ui::TrainingPage>().table().selectRow(0);
        QVERIFY(window.page<ui::TrainingPage>().exportAction()->isEnabled()); // with its model
        // And is not recorded a second time.
        window.showPage("history");
        page.store().flush();
        QTest::qWait(100);
        QCOMPARE(namesIn(page).size(), 2);
    }

    void theDemonstrationIsNoHistory() {
        {
            ui::MainWindow window({}, path_);
            window.startWelcome();
            QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
            window.experiment().startAll({shortSpec(6)});
            QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        }
        ui::HistoryIndex index(path_);
        const auto runs = index.changes();
        QCOMPARE(runs.size(), 1U);
        QCOMPARE(runs[0].spec.bits, 6);
    }

    // As far as they came: removed, stopped, or under way when the window closed.
    void runsThatDidNotFinishAreKeptToo() {
        RunSpec endless = shortSpec(3);
        endless.sgd.epochs = 1'000'000;
        endless.biasDraws = 0;
        {
            ui::MainWindow window({}, path_);
            auto& runs = window.experiment().runs();
            window.experiment().startAll({endless, endless, endless});
            QTRY_VERIFY_WITH_TIMEOUT(runs.at(0).epochs.size() > 2 && runs.at(1).epochs.size() > 2 &&
                                         runs.at(2).epochs.size() > 2,
                                     20'000);
            runs.stop({1});
            QTRY_VERIFY_WITH_TIMEOUT(!runs.at(1).active(), 20'000);
            runs.remove({0});
        }
        ui::HistoryIndex index(path_);
        const auto runs = index.changes();
        QCOMPARE(runs.size(), 3U);
        for (const auto& run : runs) {
            QCOMPARE(run.facts.state, "stopped");
            QVERIFY(*run.facts[Result::Epoch] > 2);
            QVERIFY(index.run(run.key).epochs.size() > 2);
        }
    }

    void foundTaggedDeletedAndBroughtBack() {
        fill(path_);
        ui::MainWindow window({}, path_);
        window.show();
        window.showPage("history");
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto& page = window.page<ui::HistoryPage>();
        QTRY_COMPARE(namesIn(page).size(), 3);
        QVERIFY(page.table().model()->index(0, HistoryModel::Origin).data().toString() == "zipml train");
        page.filter().setText("bits>3");
        QCOMPARE(namesIn(page).size(), 2);
        page.table().selectAll();
        auto* tags = page.findChild<QLineEdit*>("historyTags");
        tags->setFocus();
        QTest::keyClicks(tags, "paper  draft");
        QTest::keyClick(tags, Qt::Key_Return);
        page.filter().setText("tag=paper");
        QTRY_COMPARE(namesIn(page).size(), 2);
        page.filter().setText("");
        // Notes are kept when another run is selected, and found.
        page.table().selectRow(0);
        const QString first = namesIn(page)[0];
        auto* notes = page.findChild<QPlainTextEdit*>("historyNotes");
        notes->setFocus();
        QTest::keyClicks(notes, "the one to cite");
        page.table().selectRow(1);
        page.filter().setText("note~cite");
        QTRY_COMPARE(namesIn(page), QStringList{first});
        page.filter().setText("");
        // Del, and Ctrl+Z.
        page.table().setFocus();
        page.table().selectRow(1);
        const QString second = namesIn(page)[1];
        QTest::keyClick(&page.table(), Qt::Key_Delete);
        QTRY_COMPARE(namesIn(page).size(), 2);
        QVERIFY(!namesIn(page).contains(second));
        QVERIFY(window.messages().text().contains("Undo"));
        QTest::keyClick(&page.table(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(namesIn(page).size(), 3);
        QTest::keyClick(&page.table(), Qt::Key_Z, Qt::ControlModifier); // the notes
        page.filter().setText("note~cite");
        QTRY_COMPARE(namesIn(page).size(), 0);
        actionOf(page, "Redo")->trigger();
        QTRY_COMPARE(namesIn(page).size(), 1);
    }

    void aNameIsEditedInPlace() {
        fill(path_);
        ui::MainWindow window({}, path_);
        window.showPage("history");
        window.show();
        auto& page = window.page<ui::HistoryPage>();
        QTRY_COMPARE(namesIn(page).size(), 3);
        auto* model = page.table().model();
        QVERIFY(model->setData(model->index(0, HistoryModel::Name), "Mine", Qt::EditRole));
        QTRY_VERIFY(namesIn(page).contains("Mine"));
        QVERIFY(!model->setData(model->index(0, HistoryModel::Name), "  ", Qt::EditRole));
        QVERIFY(!model->setData(model->index(0, HistoryModel::Bits), "7", Qt::EditRole));
    }

    void openedAloneTheOthersStay() {
        fill(path_);
        ui::MainWindow window({}, path_);
        window.experiment().startAll({shortSpec(8)});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        window.show();
        window.showPage("history");
        auto& page = window.page<ui::HistoryPage>();
        page.filter().setText("bits=4");
        QTRY_COMPARE(namesIn(page).size(), 1);
        page.table().selectRow(0);
        actionOf(page, "Open alone")->trigger();
        auto& runs = window.experiment().runs();
        QTRY_COMPARE(runs.size(), 2);
        QVERIFY(!runs.at(0).visible && runs.at(1).visible);
        window.showPage("history");
        QTRY_COMPARE(namesIn(page), QStringList("Double sampling, 4 bits"));
        page.table().clearSelection(); // Ctrl of an earlier test's keys would take the row out of it
        page.table().selectRow(0);
        actionOf(page, "Use its settings")->trigger();
        QCOMPARE(window.experiment().spec().bits, 4);
    }

    // Another window, or the command line.
    void whatOthersRunAppears() {
        ui::MainWindow window({}, path_);
        window.show();
        window.showPage("history");
        auto& page = window.page<ui::HistoryPage>();
        page.store().flush();
        QVERIFY(page.findChild<QLabel*>("historyEmpty")->isVisible());
        addToInbox(path_.toStdString(),
                   {historyEntry(ui::sessionRunOf(test::pastRun(specWith(7), 0.1)), "sweep")});
        QTRY_COMPARE_WITH_TIMEOUT(namesIn(page), QStringList{"Double sampling, 7 bits"}, 10'000);
        ui::HistoryIndex other(path_);
        const auto key = other.changes()[0].key;
        other.set(ui::HistoryField::Name, {key}, {"Named elsewhere"});
        QTRY_COMPARE_WITH_TIMEOUT(namesIn(page), QStringList{"Named elsewhere"}, 10'000);
    }

    void withoutAHistoryThePageSaysSo() {
        ui::MainWindow window;
        window.show();
        window.showPage("history");
        auto& page = window.page<ui::HistoryPage>();
        const auto* empty = page.findChild<QLabel*>("historyEmpty");
        QVERIFY(empty->isVisible() && empty->text().contains("--no-history"));
    }

    // A record, a sweep or a stream, dropped on the window or opened.
    void filesOfRunsAreOpened() {
        const RunRecord record = *test::pastRun(specWith(3), 0.2).record,
                        other = *test::pastRun(specWith(5), 0.1).record;
        const QString one = folder_->filePath("run.json"), stream = folder_->filePath("runs.jsonl"),
                      damaged = folder_->filePath("damaged.json");
        writeFileAtomically(one.toStdString(), toJson(record).dump(2));
        writeFileAtomically(stream.toStdString(),
                            toJson(record).dump() + "\n" + toJson(other).dump() + "\n{\"spec\":");
        writeFileAtomically(damaged.toStdString(), toJson(record).dump().substr(0, 500));
        ui::MainWindow window;
        window.show();
        auto& runs = window.experiment().runs();
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(one)});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &drop);
        QTRY_COMPARE(runs.size(), 1);
        QCOMPARE(runs.at(0).name, "Double sampling, 3 bits");
        QCOMPARE(runs.at(0).epochs.size(), 4U);
        QVERIFY(window.messages().text().contains("run.json"));
        window.open(stream);
        QTRY_COMPARE(runs.size(), 3);
        QCOMPARE(runs.at(1).name, "Double sampling, 3 bits, repeat 1"); // as it is there already
        QVERIFY(window.messages().text().contains("cut short"));
        // Such a run has no model, and a session keeps it all the same.
        window.page<ui::TrainingPage>().table().selectRow(0);
        QVERIFY(!window.page<ui::TrainingPage>().exportAction()->isEnabled());
        const Session session =
            parseSession(sessionText(ui::sessionOf(runs, specWith(3), window.page<ui::TrainingPage>())), "s")
                .session;
        QCOMPARE(session.runs.size(), 3U);
        window.messages().hide();
        window.open(damaged);
        QTRY_VERIFY(window.messages().text().contains("damaged.json"));
        QVERIFY(!window.messages().text().contains("not a setting"));
        QCOMPARE(runs.size(), 3);
    }

  private:
    std::unique_ptr<QTemporaryDir> folder_;
    QString path_;
};

QTEST_MAIN(HistoryPageTest)
#include "history_page_test.moc"
