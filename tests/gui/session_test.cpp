// Sessions as a person works with them: save, reopen, undo, close, crash.

#include "core/base/file.h"
#include "tests/support/gui_test.h"
#include "ui/session/session_controller.h"
#include "ui/session/session_state.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>

#include <iostream>

using namespace zipml;

namespace {

constexpr const char* kChild = "ZIPML_SESSION_TEST_CHILD";

RunSpec smallSpec(int epochs, EstimatorKind estimator = EstimatorKind::Double) {
    RunSpec spec;
    spec.data.source = "synthetic:10x400";
    spec.sgd.epochs = epochs;
    spec.estimator = estimator;
    return spec;
}

RunSpec childSpec(int run) {
    RunSpec spec = smallSpec(1'000'000, run == 0 ? EstimatorKind::Double : EstimatorKind::Naive);
    spec.biasDraws = 0;
    return spec;
}

/// The same work in a program of its own, to be killed: two runs that do not end, told as they go.
int beChild() {
    test::useOwnSettings();
    ui::MainWindow window;
    auto& runs = window.page<ui::TrainingPage>().runs();
    QObject::connect(&runs, &ui::RunList::curvesChanged, [&] {
        for (int row = 0; row < runs.size(); ++row)
            std::cout << row << ' ' << runs.at(row).epochs.size() << '\n';
        std::cout.flush();
    });
    window.experiment().startAll({childSpec(0), childSpec(1)});
    return QApplication::exec();
}

std::string stateOf(ui::MainWindow& window) {
    return sessionText(ui::sessionOf(window.experiment().runs(), window.experiment().history().settings(),
                                     window.page<ui::TrainingPage>()));
}

/// What would be recovered if the program ended now; "" if not just one session is kept.
std::string recovered(ui::MainWindow& window) {
    window.session().flush();
    const QDir recovery(ui::Autosave::usualFolder());
    const auto files = recovery.entryList({"*.zipml"}, QDir::Files);
    return files.size() == 1 ? sessionText(ui::Autosave::recover(recovery.filePath(files.first()))) : "";
}

/// Where two sessions differ, for messages.
QString difference(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty())
        return "there is none";
    return QString::fromStdString(
               nlohmann::json::diff(nlohmann::json::parse(a), nlohmann::json::parse(b)).dump())
        .left(2000);
}

/// The settings in which they differ, for messages.
QString difference(const RunSpec& a, const RunSpec& b) {
    return QString::fromStdString(nlohmann::json::diff(toJson(a), toJson(b)).dump());
}

bool waitFor(const std::function<bool()>& holds) {
    return QTest::qWaitFor(holds, static_cast<int>(20'000 * test::timeScale()));
}

QMessageBox* boxNamed(ui::MainWindow& window, const QString& name) {
    for (auto* box : window.findChildren<QMessageBox*>(name))
        if (box->isVisible())
            return box;
    return nullptr;
}

void press(QMessageBox* box, const QString& text) {
    for (auto* button : box->buttons())
        if (button->text().remove('&') == text) {
            button->click();
            return;
        }
    QFAIL(qPrintable("no button " + text));
}

} // namespace

class SessionTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }
    void init() {
        QDir(ui::Autosave::usualFolder()).removeRecursively();
        QSettings().clear();
    }

    void savedClosedAndReopenedItIsEqual() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("work.zipml");
        std::string before;
        std::vector<ui::Curve> curves;
        {
            ui::MainWindow window;
            auto& page = window.page<ui::TrainingPage>();
            page.experiment().startAll({smallSpec(12), smallSpec(9, EstimatorKind::Full), smallSpec(7)});
            QVERIFY(test::waitUntilIdle(page));
            page.runs().rename(1, "the reference, \"exact\"");
            page.runs().setVisible(2, false);
            page.findChild<QComboBox*>("xAxis")->setCurrentIndex(1);
            page.findChild<QComboBox*>("secondPlotQuantity")->setCurrentIndex(2);
            page.findChild<QSpinBox*>("bits")->setValue(6);
            page.findChild<QLineEdit*>("step")->setText("2^-6");
            page.table().selectRow(1);
            QVERIFY(window.isWindowModified());
            window.session().saveTo(file);
            QVERIFY(waitFor([&] { return !window.session().modified(); }));
            QVERIFY(!window.isWindowModified());
            QVERIFY(window.windowTitle().startsWith("work"));
            before = stateOf(window);
            curves = page.lossPlot().curves();
            QVERIFY(window.close()); // nothing is unsaved, so that nobody is asked
        }
        QVERIFY(QDir(ui::Autosave::usualFolder()).entryList({"*.zipml"}, QDir::Files).isEmpty());
        ui::MainWindow window;
        window.open(file);
        QVERIFY(waitFor([&] { return window.session().file() == file; }));
        QVERIFY(stateOf(window) == before);
        QVERIFY(readFile(file.toStdString()) == before);
        QVERIFY(!window.session().modified());
        QCOMPARE(window.page<ui::TrainingPage>().table().currentIndex().row(), 1);
        const auto& again = window.page<ui::TrainingPage>().lossPlot().curves();
        QCOMPARE(again.size(), curves.size());
        for (std::size_t i = 0; i < curves.size(); ++i) {
            QCOMPARE(again[i].name, curves[i].name);
            QCOMPARE(again[i].run, curves[i].run);
            QVERIFY(again[i].x == curves[i].x && again[i].y == curves[i].y);
        }
        QVERIFY(
            window.page<ui::TrainingPage>().exportAction()->isEnabled()); // the selected run has its model
        // It goes on: another run has its own colour.
        window.experiment().startAll({smallSpec(2)});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QCOMPARE(window.page<ui::TrainingPage>().runs().at(3).id, 3);
        QVERIFY(window.isWindowModified());
    }

    void badFilesAreToldAndKept_data() {
        QTest::addColumn<QString>("kind");
        QTest::newRow("newer") << "newer";
        QTest::newRow("truncated") << "truncated";
        QTest::newRow("edited badly") << "edited badly";
        QTest::newRow("no session") << "no session";
    }
    void badFilesAreToldAndKept() {
        QFETCH(QString, kind);
        const QTemporaryDir folder;
        const QString file = folder.filePath("bad.zipml");
        Session session;
        session.settings.bits = 7;
        auto json = nlohmann::json::parse(sessionText(session));
        std::string text = json.dump();
        if (kind == "newer")
            json["version"] = 99, text = json.dump();
        else if (kind == "truncated")
            text.resize(text.size() / 2);
        else if (kind == "edited badly")
            json["content"]["settings"]["bits"] = 99, text = json.dump();
        else
            text = "a,b\n1,2\n";
        writeFileAtomically(file.toStdString(), text);
        ui::MainWindow window;
        const std::string before = stateOf(window);
        window.open(file);
        QVERIFY(waitFor([&] { return !window.messages().text().isEmpty(); }));
        const QString message = window.messages().text();
        QVERIFY2(message.contains("bad.zipml: ") && !message.contains('\n'), qPrintable(message));
        QVERIFY(stateOf(window) == before);
        QVERIFY(window.session().file().isEmpty());
        QVERIFY(readFile(file.toStdString()) == text);
    }

    void asoundEditOpensAsACopy() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("edited.zipml");
        auto json = nlohmann::json::parse(sessionText({}));
        json["content"]["settings"]["bits"] = 9;
        const std::string text = json.dump(2);
        writeFileAtomically(file.toStdString(), text);
        ui::MainWindow window;
        window.open(file);
        QVERIFY(waitFor([&] { return window.messages().text().contains("edited outside"); }));
        QCOMPARE(window.experiment().spec().bits, 9);
        window.session().saveActions().first()->trigger();
        QVERIFY(window.findChild<QFileDialog*>()); // asks for a name
        QVERIFY(readFile(file.toStdString()) == text);
    }

    void everySettingIsUndoneAndRedone() {
        ui::MainWindow window;
        window.show();
        auto& panel = window.page<ui::TrainingPage>().panel();
        auto& history = window.experiment().history();
        std::vector<RunSpec> states{history.settings()};
        const auto changed = [&] {
            const RunSpec now = history.settings();
            if (!(now == states.back()))
                states.push_back(now);
            try {
                static_cast<void>(window.experiment().spec());
            } catch (const InputError&) { // does not go with the others
                window.experiment().setSpec(now);
            }
        };
        for (auto* combo : panel.findChildren<QComboBox*>()) {
            if (!combo->isEnabled() || combo->count() < 2)
                continue;
            combo->setCurrentIndex((combo->currentIndex() + 1) % combo->count());
            changed();
        }
        for (auto* spin : panel.findChildren<QSpinBox*>()) {
            spin->setValue(spin->value() + 1);
            changed();
        }
        for (auto* box : panel.findChildren<QCheckBox*>()) {
            box->toggle();
            changed();
        }
        panel.findChild<QLineEdit*>("seed")->setText("12345");
        changed();
        panel.findChild<QLineEdit*>("step")->setText("0.125");
        changed();
        QVERIFY2(states.size() > 15, qPrintable(QString::number(states.size())));
        for (std::size_t i = states.size() - 1; i > 0; --i) {
            QVERIFY2(window.experiment().spec() == states[i],
                     qPrintable(difference(window.experiment().spec(), states[i])));
            history.undoAction()->trigger();
        }
        QVERIFY(window.experiment().spec() == states[0]);
        QVERIFY(!history.undoAction()->isEnabled());
        for (std::size_t i = 1; i < states.size(); ++i) {
            history.redoAction()->trigger();
            QVERIFY2(window.experiment().spec() == states[i],
                     qPrintable(difference(window.experiment().spec(), states[i])));
        }
    }

    void theKeysWorkInsideTextFields() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* bits = window.page<ui::TrainingPage>().panel().findChild<QSpinBox*>("bits");
        const int before = bits->value();
        bits->setFocus();
        QTest::keyClick(bits, Qt::Key_Up);
        QTest::keyClick(bits, Qt::Key_Up);
        QTRY_VERIFY(window.experiment().history().undoAction()->isEnabled());
        QCOMPARE(bits->value(), before + 2);
        QTest::keyClick(bits, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bits->value(), before); // one move, one step
        QTest::keyClick(bits, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(bits->value(), before + 2);
        auto* seed = window.page<ui::TrainingPage>().panel().findChild<QLineEdit*>("seed");
        seed->setFocus();
        QTest::keyClicks(seed, "77");
        QTRY_COMPARE(window.experiment().history().undoAction()->text(), QString("Undo Seed"));
        QTest::keyClick(seed, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(seed->text(), "1");
    }

    void closingAsksOnlyWhenSomethingWouldBeLost() {
        ui::MainWindow window;
        window.show();
        window.startWelcome();
        QVERIFY(waitFor([&] { return window.page<ui::TrainingPage>().runs().at(0).epochs.size() > 1; }));
        QVERIFY(!window.isWindowModified()); // a demonstration is not the person's work
        window.session().flush();
        QVERIFY(QDir(ui::Autosave::usualFolder()).entryList(QDir::Files).isEmpty()); // nor to be recovered
        window.page<ui::TrainingPage>().runs().clear();
        window.experiment().startAll({smallSpec(3)});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QVERIFY(window.isWindowModified());
        QVERIFY(!window.close());
        QVERIFY(window.isVisible());
        QVERIFY(boxNamed(window, "unsavedChanges"));
        press(boxNamed(window, "unsavedChanges"), "Cancel");
        QVERIFY(window.isVisible());
        QTRY_VERIFY(!window.findChild<QMessageBox*>("unsavedChanges"));
        QVERIFY(!window.close());
        QVERIFY(boxNamed(window, "unsavedChanges"));
        for (auto* button : boxNamed(window, "unsavedChanges")->buttons())
            if (boxNamed(window, "unsavedChanges")->standardButton(button) == QMessageBox::Discard) {
                button->click();
                break;
            }
        QTRY_VERIFY(!window.isVisible());
    }

    void theBoxOfUnsavedChangesGoesByKeys() {
        ui::MainWindow window;
        window.show();
        window.experiment().startAll({smallSpec(3)});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QVERIFY(!window.close());
        auto* box = boxNamed(window, "unsavedChanges");
        QVERIFY(box);
        box->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), box);
        QTest::keyClick(box, Qt::Key_D, Qt::AltModifier);
        QTRY_VERIFY(!window.isVisible());
    }

    // What is written goes with what happened, and not with all that there is.
    void theAutosaveWritesWhatChanged() {
        const auto written = [] { // bytes that this process has written
            const std::string io = readFile("/proc/self/io");
            return std::stoll(io.substr(io.find("wchar:") + 6));
        };
        ui::MainWindow window;
        auto& page = window.page<ui::TrainingPage>();
        const auto startMore = [&](int count) {
            const auto before = written();
            window.experiment().startAll(std::vector(static_cast<std::size_t>(count), smallSpec(40)));
            QVERIFY(test::waitUntilIdle(page));
            window.session().flush();
            bytes_ = written() - before;
        };
        startMore(20);
        const auto first = bytes_;
        startMore(60);
        const auto rest = bytes_;
        const QTemporaryDir folder;
        const QString file = folder.filePath("all.zipml");
        window.session().saveTo(file);
        QVERIFY(waitFor([&] { return !window.session().modified(); }));
        const auto whole = QFileInfo(file).size();
        qInfo("autosaved %lld bytes for the first 20 runs, %lld for 60 more; %lld in a session of all", first,
              rest, whole);
        QVERIFY(first + rest < 6 * whole);
        QVERIFY(rest < 6 * first);
        QCOMPARE(page.runs().size(), 80);
    }

    // Whatever was done to runs and settings is in the journal.
    void theJournalTellsOfRunsThatCameAndWent() {
        const QTemporaryDir folder;
        ui::MainWindow window;
        auto& page = window.page<ui::TrainingPage>();
        window.experiment().startAll({smallSpec(4), smallSpec(5), smallSpec(6)});
        QVERIFY(test::waitUntilIdle(page));
        page.runs().remove({1});
        page.runs().rename(0, "first");
        page.runs().remove({0});
        window.experiment().history().undoAction()->trigger(); // in its row again
        page.findChild<QSpinBox*>("bits")->setValue(6);
        window.experiment().startAll({smallSpec(7)});
        QVERIFY(test::waitUntilIdle(page));
        window.session().flush();
        QVERIFY2(waitFor([&] { return recovered(window) == stateOf(window); }),
                 qPrintable(difference(recovered(window), stateOf(window))));
    }

    // Epochs that were told before the exact optimum was known are told again with it.
    void theJournalHoldsAnOptimumThatCameLate() {
        ui::MainWindow window;
        auto& page = window.page<ui::TrainingPage>();
        RunSpec spec = smallSpec(400);
        spec.data.source = "synthetic:100x4000,classes,r2=0.8";
        spec.loss = LossKind::Logistic;
        bool before = false;
        connect(&page.runs(), &ui::RunList::curvesChanged, &window, [&] {
            const auto& run = page.runs().at(1);
            before = before || (!run.epochs.empty() && !run.setup->optimumLoss);
        });
        window.experiment().startAll({smallSpec(2), spec}); // the journal begins with the first
        QVERIFY(test::waitUntilIdle(page));
        qInfo("the optimum came %s the first epoch", before ? "after" : "before");
        QVERIFY2(waitFor([&] { return recovered(window) == stateOf(window); }),
                 qPrintable(difference(recovered(window), stateOf(window))));
    }

    void aDamagedRecoveryFileIsOfferedOnce() {
        const QDir recovery(ui::Autosave::usualFolder());
        QVERIFY(QDir().mkpath(recovery.path()));
        const QString file = recovery.filePath("damaged.zipml");
        writeFileAtomically(file.toStdString(), sessionText({}).substr(0, 100));
        ui::MainWindow window;
        window.show();
        window.session().offerRecovery();
        QVERIFY(boxNamed(window, "recovery"));
        press(boxNamed(window, "recovery"), "Recover");
        QVERIFY(waitFor([&] { return window.messages().text().contains("damaged.zipml: "); }));
        QVERIFY(ui::Autosave::leftBehind(recovery.path()).isEmpty());
        QCOMPARE(recovery.entryList({"damaged*"}, QDir::Files), QStringList{"damaged.zipml.damaged"});
        ui::MainWindow next;
        next.show();
        next.session().offerRecovery();
        QVERIFY(!boxNamed(next, "recovery"));
    }

    void aLatin1HeaderCanBeSaved() {
        const QTemporaryDir folder;
        const QString data = folder.filePath("latin1.csv"), file = folder.filePath("s.zipml");
        std::string text = "Gr\xF6\xDF"
                           "e;H\xF6he;Preis\n";
        for (int row = 0; row < 40; ++row)
            text += std::to_string(row) + ";" + std::to_string(row * 7 % 5) + ";" +
                    std::to_string(row * 3 % 11) + "\n";
        writeFileAtomically(data.toStdString(), text);
        ui::MainWindow window;
        window.show();
        window.open(data);
        QVERIFY(waitFor([&] { return window.messages().text().contains("Press Start"); }));
        test::actionNamed(window.page<ui::TrainingPage>(), "Start")->trigger();
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        window.session().saveTo(file);
        QVERIFY2(waitFor([&] { return !window.session().modified(); }), qPrintable(window.messages().text()));
        QVERIFY(readFile(file.toStdString())
                    .find("Gr\xC3\xB6\xC3\x9F"
                          "e") != std::string::npos);
    }

    void anExperimentWithTooLargeANumberIsRefused() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("e.json");
        writeFileAtomically(file.toStdString(), "{\n \"bits\": 3,\n \"step\": 1e999\n}\n");
        ui::MainWindow window;
        window.show();
        window.open(file);
        QVERIFY(waitFor([&] { return !window.messages().text().isEmpty(); }));
        const QString message = window.messages().text();
        QVERIFY2(message.contains("e.json:3: step: 1e999"), qPrintable(message));
    }

    void aDroppedSessionOpensAndIsRecent() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("dropped.zipml");
        Session session;
        session.settings.bits = 11;
        writeSession(session, file.toStdString());
        ui::MainWindow window;
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(file)});
        window.show();
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &drop);
        QVERIFY(waitFor([&] { return window.session().file() == file; }));
        QCOMPARE(window.experiment().spec().bits, 11);
        window.session().openActions().first()->trigger(); // New keeps the settings, not the file
        QVERIFY(window.session().file().isEmpty());
        window.page<ui::TrainingPage>().findChild<QSpinBox*>("bits")->setValue(2);
        auto* recent = window.session().openActions().last()->menu();
        QCOMPARE(recent->actions().size(), 1);
        recent->actions().first()->trigger();
        QVERIFY(waitFor([&] { return window.session().file() == file; }));
        QCOMPARE(window.experiment().spec().bits, 11);
    }

    void killedInMidRunItRecoversAllFinishedEpochs() {
        QProcess child;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(kChild, "1");
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath());
        std::size_t told[2] = {0, 0};
        const auto listen = [&] {
            while (child.canReadLine()) {
                const auto words = child.readLine().trimmed().split(' ');
                told[words[0].toInt()] = words[1].toULongLong();
            }
        };
        // Far enough in to lie between two writes of the whole session.
        QElapsedTimer clock;
        clock.start();
        QVERIFY(waitFor([&] {
            listen();
            return told[0] >= 50 && told[1] >= 50 && clock.elapsed() > 4000;
        }));
        QTest::qWait(
            static_cast<int>(250 * test::timeScale())); // still training; what was told is written by now
        child.kill();
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);

        ui::MainWindow window;
        window.show();
        window.session().offerRecovery();
        auto* box = boxNamed(window, "recovery");
        QVERIFY(box);
        press(box, "Recover");
        QVERIFY(waitFor([&] { return window.page<ui::TrainingPage>().runs().size() == 2; }));
        for (int row = 0; row < 2; ++row) {
            const auto& run = window.page<ui::TrainingPage>().runs().at(row);
            qInfo("run %d: %zu epochs told, %zu recovered", row, told[row], run.epochs.size());
            QVERIFY(run.epochs.size() >= told[row]);
            QCOMPARE(run.state, ui::RunState::Stopped);
            QVERIFY(run.spec == childSpec(row));
            RunSpec spec = childSpec(row);
            spec.sgd.epochs = 50;
            RunObserver nobody;
            RunControl control;
            const auto record = runExperiment(spec, nobody, control);
            for (std::size_t e = 0; e < 50; ++e)
                QCOMPARE(run.epochs[e].trainLoss, record.epochs[e].trainLoss);
        }
        QVERIFY(window.isWindowModified());
        // Kept again until it is saved; the old files are gone.
        window.session().flush();
        QCOMPARE(QDir(ui::Autosave::usualFolder()).entryList({"*.zipml"}, QDir::Files).size(), 1);
        QVERIFY(ui::Autosave::leftBehind(ui::Autosave::usualFolder()).isEmpty());
    }

  private:
    long long bytes_ = 0;
};

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (qEnvironmentVariableIsSet(kChild))
        return beChild();
    SessionTest test;
    QTEST_SET_MAIN_SOURCE_PATH
    return QTest::qExec(&test, argc, argv);
}
#include "session_test.moc"
