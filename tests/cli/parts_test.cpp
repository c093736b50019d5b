#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

using namespace zipml;

namespace {

const QStringList kRun{"train", "synthetic:5x50", "--epochs", "1"};

/// As if the build had left out all parts (core/base/part.h).
test::ProcessResult runWithoutParts(const QStringList& arguments) {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("ZIPML_PARTS", "/nowhere");
    process.setProcessEnvironment(environment);
    process.start(test::zipmlProgram(), arguments);
    return test::resultOf(process);
}

} // namespace

class PartsTest : public QObject {
    Q_OBJECT

  private slots:
    /// What the program loads at every start is what a run without plots and networks needs.
    void fewLibrariesAreLoadedAtTheStart() {
        QProcess process;
        process.start("ldd", {test::zipmlProgram()});
        if (!process.waitForStarted())
            QSKIP("there is no ldd");
        const QStringList libraries = test::resultOf(process).out.split('\n', Qt::SkipEmptyParts);
        QVERIFY2(libraries.size() <= 25, qPrintable(libraries.join('\n')));
        for (const char* name : {"Qt", "qcustomplot", "libcurl", "libhdf5", "libtorch", "libprotobuf"})
            QVERIFY2(libraries.filter(name).isEmpty(), qPrintable(libraries.join('\n')));
    }

    void whatABuildIsWithoutIsSaidInALine_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("option");
        const QString folder = folder_.path();
        const auto add = [](const QStringList& arguments, const char* option) {
            QTest::newRow(qPrintable(arguments.join(' '))) << arguments << option;
        };
        add(kRun + QStringList{"--plot", folder + "/p.svg"}, "ZIPML_WINDOW");
        add({"welcome", "-o", folder + "/welcome"}, "ZIPML_WINDOW");
        add({"tomography", "--image", folder + "/i.png"}, "ZIPML_WINDOW");
        add({"reproduce", "all", "--data", folder, "-o", folder + "/report"}, "ZIPML_WINDOW");
        add({"export", folder + "/model.json", "-o", folder + "/m.onnx"}, "ZIPML_ONNX");
        add({"data", folder + "/data.h5"}, "ZIPML_HDF5");
        add({"fetch", "cadata", "-o", folder}, "ZIPML_FETCH");
        add({"deep", "train"}, "ZIPML_NETWORKS");
    }
    void whatABuildIsWithoutIsSaidInALine() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, option);
        QFile hdf5(folder_.filePath("data.h5"));
        QVERIFY(hdf5.open(QIODevice::WriteOnly));
        hdf5.write("\x89HDF\r\n\x1A\n");
        hdf5.close();
        const auto trained = runWithoutParts(kRun + QStringList{"--model", folder_.filePath("model.json")});
        QVERIFY2(trained.exitCode == 0, qPrintable(trained.error)); // runs go without any
        const auto result = runWithoutParts(arguments);
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine() && result.error.contains(option), qPrintable(result.error));
    }

  private:
    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(PartsTest)
#include "parts_test.moc"
