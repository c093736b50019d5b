#include "accel/fpga/image.h"
#include "accel/fpga/kernel_source.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

namespace {

struct Outcome {
    int exitCode;
    QString text; ///< output and errors
    /// The script's own line, in what the build tool prints around it.
    [[nodiscard]] QStringList lines(const QString& vendor) const {
        return text.split('\n').filter("fpga-" + vendor + ": ");
    }
};

/// Builds a target of the build that this test belongs to, with `path` before the usual one.
Outcome buildTarget(const QString& target, const QString& path, const QMap<QString, QString>& variables) {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const char* name :
         {"INTELFPGAOCLSDKROOT", "XILINX_VITIS", "ZIPML_INTEL_BOARD", "ZIPML_XILINX_PLATFORM"})
        environment.remove(name);
    environment.insert("PATH", path + ":" + environment.value("PATH"));
    for (auto variable = variables.begin(); variable != variables.end(); ++variable)
        environment.insert(variable.key(), variable.value());
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    const QString build = QFileInfo(qEnvironmentVariable("ZIPML_BIN")).absolutePath();
    process.start("cmake", {"--build", build, "--target", target});
    process.waitForFinished(120'000);
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput())};
}

} // namespace

/// Neither vendor's compiler is to be had here: what is tested is what a person reads without one, and what a
/// compiler would be called with.
class BuildImagesTest : public QObject {
    Q_OBJECT
  private slots:
    void missingCompilersAreSaid() {
        if (!QStandardPaths::findExecutable("aoc").isEmpty() ||
            !QStandardPaths::findExecutable("v++").isEmpty())
            QSKIP("this machine has an FPGA compiler on its PATH");
        const Outcome intel = buildTarget("fpga-intel", "/nowhere", {{"INTELFPGAOCLSDKROOT", "/no/sdk"}});
        QVERIFY(intel.exitCode != 0);
        QCOMPARE(intel.lines("intel"),
                 QStringList{
                     "fpga-intel: aoc is missing: looked in $INTELFPGAOCLSDKROOT/bin "
                     "(INTELFPGAOCLSDKROOT is /no/sdk) and on PATH; install the Intel FPGA SDK for OpenCL, "
                     "set INTELFPGAOCLSDKROOT to its folder or put aoc on PATH"});
        const Outcome xilinx = buildTarget("fpga-xilinx", "/nowhere", {});
        QVERIFY(xilinx.exitCode != 0);
        QCOMPARE(xilinx.lines("xilinx"),
                 QStringList{
                     "fpga-xilinx: v++ is missing: looked in $XILINX_VITIS/bin (XILINX_VITIS is not set) and "
                     "on PATH; install Vitis, set XILINX_VITIS to its folder or put v++ on PATH"});
    }

    void missingBoardIsSaid() {
        fakeCompiler("aoc");
        const Outcome outcome = buildTarget("fpga-intel", tools_.path(), {});
        QVERIFY(outcome.exitCode != 0);
        QCOMPARE(outcome.lines("intel").size(), 1);
        QVERIFY(outcome.lines("intel").front().contains("no board is chosen: set ZIPML_INTEL_BOARD"));
        QVERIFY(calls("aoc").isEmpty());
    }

    /// Intel's Programming Guide (683846), 7.6.
    void aocIsCalledAsDocumented() {
        fakeCompiler("aoc");
        const Outcome outcome = buildTarget("fpga-intel", tools_.path(), {{"ZIPML_INTEL_BOARD", "a10gx"}});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.text));
        const QStringList made = calls("aoc");
        QCOMPARE(made.size(), static_cast<qsizetype>(fpgaDesigns().size()));
        const QRegularExpression form(
            "^-board=a10gx -I(\\S*/kernels) (-DZIPML_BITS=\\d+ -DZIPML_UNIT_RANGE=[01]) \\1/sgd\\.cl "
            "-o=\\S*/zipml_(\\w+)\\.aocx$");
        for (std::size_t i = 0; i < fpgaDesigns().size(); ++i)
            checkDesign(form, made[static_cast<qsizetype>(i)], fpgaDesigns()[i]);
    }

    /// UG1393: each kernel compiled with -c -k, then all linked with -l.
    void vitisIsCalledAsDocumented() {
        fakeCompiler("v++");
        const Outcome outcome =
            buildTarget("fpga-xilinx", tools_.path(), {{"ZIPML_XILINX_PLATFORM", "xilinx_u250"}});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.text));
        const QStringList made = calls("v++");
        QCOMPARE(made.size(), static_cast<qsizetype>(4 * fpgaDesigns().size()));
        const QStringList kernels{"read_lines", "unpack_lines", "train"};
        const QString sources = QString::fromStdString(fpgaKernelSource());
        for (std::size_t i = 0; i < fpgaDesigns().size(); ++i) {
            const FpgaDesign& design = fpgaDesigns()[i];
            const auto first = static_cast<qsizetype>(4 * i);
            for (qsizetype k = 0; k < kernels.size(); ++k) {
                QVERIFY(sources.contains("ZIPML_STAGE " + kernels[k] + "("));
                checkDesign(QRegularExpression("^-t hw --platform xilinx_u250 -c -k " + kernels[k] +
                                               " -I(\\S*/kernels) (-DZIPML_BITS=\\d+ "
                                               "-DZIPML_UNIT_RANGE=[01]) -o \\S*/zipml_(\\w+)\\." +
                                               kernels[k] + "\\.xo \\1/sgd\\.cl$"),
                            made[first + k], design);
            }
            const QString& link = made[first + 3];
            QVERIFY2(link.startsWith("-t hw --platform xilinx_u250 -l --nk read_lines:1 --nk unpack_lines:1 "
                                     "--nk train:1 -o "),
                     qPrintable(link));
            QCOMPARE(link.count(".xo"), 3);
            QVERIFY(link.contains("/zipml_" + QString::fromStdString(design.name()) + ".xclbin "));
        }
    }

    /// A compiler that fails ends the build.
    void compilersErrorsAreErrors() {
        fakeCompiler("aoc", "exit 3");
        const Outcome outcome = buildTarget("fpga-intel", tools_.path(), {{"ZIPML_INTEL_BOARD", "a10gx"}});
        QVERIFY(outcome.exitCode != 0);
        QCOMPARE(calls("aoc").size(), 1);
    }

    /// Where accel/fpga/image.h looks for it.
    void checksumsAreNoted() {
        fakeCompiler("aoc", "for a; do case $a in -o=*) printf image > \"${a#-o=}\";; esac; done");
        const QTemporaryDir out;
        QCOMPARE(runScript({"intel", "/kernels", out.path(), "float"}).exitCode, 0);
        QFile sums(out.filePath("zipml_float.aocx.cksum"));
        QVERIFY(sums.open(QFile::ReadOnly));
        const auto numbers = sums.readAll().simplified().split(' ');
        QCOMPARE(numbers.size(), 2);
        QCOMPARE(numbers[0].toUInt(), posixChecksum("image"));
        QCOMPARE(numbers[1], "5");
    }

    void unknownDesignsAreNamed() {
        fakeCompiler("aoc");
        const Outcome outcome = runScript({"intel", "/kernels", tools_.path(), "q3_unit"});
        QVERIFY(outcome.exitCode != 0);
        QVERIFY(outcome.text.startsWith("fpga-intel: there is no design 'q3_unit'; designs are q1_unit, "));
    }

  private:
    /// build_images.sh itself, with the fake compiler and a board.
    Outcome runScript(const QStringList& arguments) const {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.remove("INTELFPGAOCLSDKROOT");
        environment.insert("PATH", tools_.path() + ":" + environment.value("PATH"));
        environment.insert("ZIPML_INTEL_BOARD", "a10gx");
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(qEnvironmentVariable("ZIPML_SOURCE_DIR") + "/accel/fpga/build_images.sh", arguments);
        process.waitForFinished();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput())};
    }

    /// A program of this name that notes its arguments, a line a call.
    void fakeCompiler(const QString& name, const QString& end = "exit 0") {
        QFile::remove(tools_.filePath(name + ".calls"));
        QFile file(tools_.filePath(name));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(
            ("#!/bin/sh\necho \"$*\" >> '" + tools_.filePath(name) + ".calls'\n" + end + "\n").toUtf8());
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    QStringList calls(const QString& name) {
        QFile file(tools_.filePath(name + ".calls"));
        if (!file.open(QFile::ReadOnly))
            return {};
        return QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
    }
    /// Groups of `form`: 2 the options, 3 the design's name.
    static void checkDesign(const QRegularExpression& form, const QString& call, const FpgaDesign& design) {
        const auto match = form.match(call);
        QVERIFY2(match.hasMatch(), qPrintable(call));
        QCOMPARE(match.captured(2).toStdString(), fpgaBuildOptions(design));
        QCOMPARE(match.captured(3).toStdString(), design.name());
    }

    QTemporaryDir tools_;
};

QTEST_APPLESS_MAIN(BuildImagesTest)
#include "build_images_test.moc"
