// What `cmake --install` copies works where it was copied to: programs, parts, and the library for others.

#include "tests/support/zipml_process.h"

#include <QDir>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace zipml;

namespace {

test::ProcessResult run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    return test::resultOf(process);
}

bool has(const char* program) {
    return !QStandardPaths::findExecutable(program).isEmpty();
}

} // namespace

class InstallTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    QString prefix_ = folder_.filePath("prefix");
    bool window_ = QFile::exists(QFileInfo(test::zipmlProgram()).path() + "/zipml-lab");

    /// The only file of this name below the prefix.
    [[nodiscard]] QString installed(const QString& file) const {
        const auto found = run("find", {prefix_, "-path", "*/" + file}).out.split('\n', Qt::SkipEmptyParts);
        return found.size() == 1 ? found.first() : QString();
    }

  private slots:
    void initTestCase() {
        if (!has("cmake"))
            QSKIP("there is no cmake");
        const QString build = QFileInfo(qEnvironmentVariable("ZIPML_BIN", "build/bin")).path();
        const auto result = run("cmake", {"--install", build, "--prefix", prefix_});
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
    }

    void filesAreWhereTheyAreLookedFor() {
        QStringList files{"bin/zipml",
                          "include/zipml-*/core/lab/run.h",
                          "include/zipml-*/accel/register.h",
                          "cmake/zipml/zipml-config.cmake",
                          "pkgconfig/zipml.pc",
                          "man/man1/zipml-train.1",
                          "bash-completion/completions/zipml"};
        if (window_)
            files << "bin/zipml-lab"
                  << "lib/zipml/libzipml_plot.so"
                  << "applications/zipml-lab.desktop"
                  << "mime/packages/zipml.xml"
                  << "metainfo/org.zipml.Lab.metainfo.xml"
                  << "hicolor/scalable/apps/zipml-lab.svg"
                  << "hicolor/48x48/apps/zipml-lab.png"
                  << "man/man1/zipml-lab.1";
        for (const QString& file : files)
            QVERIFY2(!installed(file).isEmpty(), qPrintable(file));
    }

    void theProgramRunsAndFindsItsParts() {
        const QString zipml = prefix_ + "/bin/zipml";
        QVERIFY(run(zipml, {"--version"}).out.startsWith("zipml "));
        QStringList line{"train", "synthetic:5x50", "--epochs", "1"};
        if (window_)
            line << "--plot" << folder_.filePath("curve.svg");
        const auto result = run(zipml, line);
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        QCOMPARE(QFile::exists(folder_.filePath("curve.svg")), window_);
    }

    void anotherProjectFindsTheLibrary_data() {
        QTest::addColumn<QString>("output");
        QTest::newRow("train") << "double: training loss ";
        QTest::newRow("levels") << "optimal levels: 4 bits a value, ";
    }
    void anotherProjectFindsTheLibrary() {
        if (test::kSanitized)
            QSKIP("a sanitizer's library wants programs that are built with it");
        QFETCH(QString, output);
        const QString name = QTest::currentDataTag();
        const QString source = QDir(qEnvironmentVariable("ZIPML_SOURCE_DIR", "."))
                                   .absoluteFilePath("packaging/examples/" + name);
        const QString build = folder_.filePath(name);
        const auto configured = run("cmake", {"-S", source, "-B", build, "-DCMAKE_PREFIX_PATH=" + prefix_,
                                              "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror"});
        QVERIFY2(configured.exitCode == 0, qPrintable(configured.error));
        const auto built = run("cmake", {"--build", build});
        QVERIFY2(built.exitCode == 0, qPrintable(built.out + built.error));
        const auto result = run(build + '/' + name, {});
        QVERIFY2(result.exitCode == 0 && result.out.contains(output), qPrintable(result.out + result.error));
    }

    void pkgConfigKnowsTheLibrary() {
        if (!has("pkg-config"))
            QSKIP("there is no pkg-config");
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("PKG_CONFIG_PATH", QFileInfo(installed("pkgconfig/zipml.pc")).path());
        process.setProcessEnvironment(environment);
        process.start("pkg-config", {"--cflags", "--libs", "zipml"});
        const auto result = test::resultOf(process);
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        QVERIFY2(result.out.contains("-lzipml_core"), qPrintable(result.out));
    }

    void desktopsReadTheirFiles() {
        if (!window_)
            QSKIP("a build without the window");
        if (!has("desktop-file-validate") && !has("appstreamcli"))
            QSKIP("there is neither desktop-file-validate nor appstreamcli");
        if (has("desktop-file-validate")) {
            const auto read = run("desktop-file-validate", {installed("applications/zipml-lab.desktop")});
            QVERIFY2(read.exitCode == 0 && read.out.isEmpty(), qPrintable(read.out));
        }
        if (has("appstreamcli")) {
            const auto read = run("appstreamcli",
                                  {"validate", "--no-net", installed("metainfo/org.zipml.Lab.metainfo.xml")});
            QVERIFY2(read.exitCode == 0, qPrintable(read.out));
        }
    }
};

QTEST_GUILESS_MAIN(InstallTest)
#include "install_test.moc"
