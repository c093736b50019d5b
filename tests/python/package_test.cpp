// The Python package: pip builds and installs the wheel in an environment of its own, and its tests (python/tests) pass
// there.

#include "tests/support/exported_model.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

namespace {

/// Runs to the end; what it says is part of a failure.
void require(const QString& program, const QStringList& arguments, const QStringList& more = {}) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& each : more)
        environment.insert(each.section('=', 0, 0), each.section('=', 1));
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setWorkingDirectory(test::sourceFile(""));
    process.start(program, arguments);
    const bool ended = process.waitForFinished(-1);
    const QByteArray said = process.readAll();
    const bool well = ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    if (!well)
        qWarning("%s", said.constData());
    QVERIFY2(well, qPrintable(program + " " + arguments.join(' ')));
}

} // namespace

class PackageTest : public QObject {
    Q_OBJECT
  private slots:
    void theWheelIsBuiltAndItsTestsPass() {
        NEEDS_PYTHON_ENVIRONMENT();
        NEEDS_PYTHON_MODULE("scikit_build_core");
        NEEDS_PYTHON_MODULE("nanobind");
        NEEDS_PYTHON_MODULE("pytest");
        const QTemporaryDir folder;
        const QString own = folder.filePath("venv");
        require(test::python(), {"-m", "venv", own});
        const QStringList versions = QDir(own + "/lib").entryList({"python3*"});
        QCOMPARE(versions.size(), 1);
        const QString packages = "/lib/" + versions.front() + "/site-packages";
        QFile others(own + packages + "/others.pth"); // what tests and build want is there already
        QVERIFY(others.open(QIODevice::WriteOnly));
        others.write((qEnvironmentVariable("ZIPML_VENV") + packages + "\n").toUtf8());
        others.close();
        // Compiled beside the other builds, so that only what has changed is compiled anew.
        require(own + "/bin/python",
                {"-m", "pip", "install", "--no-index", "--no-deps", "--no-build-isolation", "-C",
                 "build-dir=" + qEnvironmentVariable("ZIPML_BIN") + "/../python", test::sourceFile("")});
        require(own + "/bin/python", {"-m", "pytest", "-q", "-p", "no:cacheprovider", "python/tests"},
                {"ZIPML=" + qEnvironmentVariable("ZIPML_BIN") + "/zipml", "PYTHONDONTWRITEBYTECODE=1"});
    }
};

QTEST_GUILESS_MAIN(PackageTest)
#include "package_test.moc"
