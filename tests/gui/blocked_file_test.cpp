// Files that do not answer: reading them can be cancelled, holds up nothing else, and ends with the window.

#include "core/base/file.h"
#include "tests/support/gui_test.h"
#include "ui/experiment/data_preview.h"
#include "ui/session/session_controller.h"

#include <QProcess>
#include <QPushButton>
#include <QStatusBar>

#include <iostream>
#include <sys/stat.h>

using namespace zipml;

namespace {

constexpr const char* kChild = "ZIPML_BLOCKED_FILE_CHILD";

bool waitFor(const std::function<bool()>& holds) {
    return QTest::qWaitFor(holds, static_cast<int>(10'000 * test::timeScale()));
}

/// In a program of its own, for it may hang. Says how far it came.
int beChild(const QString& folder) {
    const auto at = [&](const char* name) { return folder + "/" + name; };
    const auto say = [](const char* what, bool well) {
        std::cout << (well ? "" : "FAILED: ") << what << std::endl;
    };
    test::useOwnSettings();
    ui::MainWindow window;
    window.show();
    auto& page = window.page<ui::TrainingPage>();
    auto& preview = window.experiment().preview();
    QPushButton* cancel = nullptr;
    for (auto* button : window.statusBar()->findChildren<QPushButton*>())
        if (button->accessibleName() == "Cancel reading")
            cancel = button;
    window.open(at("p.csv"));
    QTest::qWait(300);
    say("reading", preview.reading() && cancel != nullptr && cancel->isVisible());
    cancel->click();
    say("cancelled", waitFor([&] { return !preview.reading(); }));
    window.open(at("p.csv"));
    QTest::qWait(100);
    window.open(at("d.csv"));
    say("opened the next", waitFor([&] { return window.messages().text().contains("Press Start"); }));
    window.open(at("p.json"));
    say("experiment refused",
        waitFor([&] { return window.messages().text().contains("p.json: is a pipe"); }));
    window.open(at("p.zipml"));
    say("session refused", waitFor([&] { return window.messages().text().contains("p.zipml: is a pipe"); }));

    RunSpec spec;
    spec.data.source = at("p.csv").toStdString();
    window.experiment().startAll({spec, spec});
    QTest::qWait(300);
    say("run waits", page.runs().anyActive());
    test::actionNamed(page, "Stop")->trigger();
    say("run stopped", test::waitUntilIdle(page, 5000));
    window.experiment().startAll({spec});
    window.open(at("p.csv"));
    QTest::qWait(300);
    test::actionNamed(page, "Reset")->trigger();
    say("closed", window.close());
    return 0;
}

} // namespace

class BlockedFileTest : public QObject {
    Q_OBJECT
  private slots:
    void aPipeThatNobodyWritesTo() {
        const QTemporaryDir folder;
        for (const char* name : {"p.csv", "p.json", "p.zipml"})
            QCOMPARE(::mkfifo(folder.filePath(name).toLocal8Bit().constData(), 0600), 0);
        writeFileAtomically(folder.filePath("d.csv").toStdString(),
                            "a,b,y\n1,2,3\n4,5,6\n2,1,4\n8,3,1\n5,5,2\n");
        QProcess child;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(kChild, folder.path());
        child.setProcessEnvironment(environment);
        child.setProcessChannelMode(QProcess::MergedChannels);
        child.start(QCoreApplication::applicationFilePath());
        const bool ended = child.waitForFinished(static_cast<int>(60'000 * test::timeScale()));
        if (!ended)
            child.kill();
        const QString told = child.readAll();
        QVERIFY2(ended, qPrintable("it hangs behind: " + told));
        QCOMPARE(child.exitStatus(), QProcess::NormalExit);
        QVERIFY2(!told.contains("FAILED: "), qPrintable(told));
        QVERIFY2(told.contains("closed"), qPrintable(told));
    }
};

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (qEnvironmentVariableIsSet(kChild))
        return beChild(qEnvironmentVariable(kChild));
    BlockedFileTest test;
    QTEST_SET_MAIN_SOURCE_PATH
    return QTest::qExec(&test, argc, argv);
}
#include "blocked_file_test.moc"
