/// The window's program as a shell starts it where there is no screen.

#include "tests/support/zipml_process.h"

#include <QFileInfo>
#include <QTemporaryDir>

using namespace zipml;
using test::ProcessResult;

class WindowProgramTest : public QObject {
    Q_OBJECT
    QTemporaryDir home_;

    [[nodiscard]] ProcessResult run(const QStringList& arguments) const {
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            environment.remove(name);
        environment.insert("HOME", home_.path());
        environment.remove("XDG_STATE_HOME");
        QProcess process;
        process.setProcessEnvironment(environment);
        process.start(QFileInfo(test::zipmlProgram()).path() + "/zipml-lab", arguments);
        process.waitForFinished(60'000);
        return test::resultOf(process);
    }

  private slots:
    void helpAndVersionNeedNoScreen() {
        const auto help = run({"--help"});
        QVERIFY2(help.exitCode == 0 && help.error.isEmpty(), qPrintable(help.error));
        QVERIFY(help.out.contains("--no-welcome"));
        const auto version = run({"--version"});
        QCOMPARE(version.exitCode, 0);
        QCOMPARE(version.out.trimmed(), QString("zipml-lab %1").arg(ZIPML_VERSION));
    }
    /// No crash: nothing to be sent to the developers.
    void withoutAScreenItSaysSoInOneLine() {
        const auto result = run({});
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.error.startsWith("zipml-lab: ") && result.error.count('\n') == 1 &&
                     result.error.contains("DISPLAY") && !result.error.contains("crash"),
                 qPrintable(result.error));
        QVERIFY(!QFileInfo::exists(home_.filePath(".local/state/zipml/crashes")));
    }
};

QTEST_APPLESS_MAIN(WindowProgramTest)
#include "window_program_test.moc"
