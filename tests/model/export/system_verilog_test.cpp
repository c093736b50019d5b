#include "core/model/export/integer_model.h"
#include "tests/support/exported_model.h"

#include <QStandardPaths>

using namespace zipml;

namespace {

QString outputOf(const QString& program, const QStringList& arguments, int& exitCode) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    exitCode = process.waitForFinished(270'000) && process.exitStatus() == QProcess::NormalExit
                   ? process.exitCode()
                   : -1;
    return QString::fromUtf8(process.readAll());
}

/// @return the simulation, or "" where it was not built, and why
QString simulationOf(const QString& source, const QString& folder, QString& why) {
    int exitCode = 0;
    why = outputOf("verilator",
                   {"--binary", "-Wall", "-Wno-DECLFILENAME", "--top-module", "zipml_model_tb",
                    "-DZIPML_TEST_BENCH", "-CFLAGS", "-O0", "-MAKEFLAGS", "OPT_FAST=-O0", "-MAKEFLAGS",
                    "OPT_SLOW=-O0", "-MAKEFLAGS", "OPT_GLOBAL=-O0", "--Mdir", folder, source},
                   exitCode);
    return exitCode == 0 ? folder + "/Vzipml_model_tb" : QString();
}

} // namespace

#define NEEDS_VERILATOR()                                                                                    \
    do {                                                                                                     \
        if (QStandardPaths::findExecutable("verilator").isEmpty())                                           \
            QSKIP("there is no verilator; ./dev test installs it");                                          \
    } while (false)

class SystemVerilogTest : public QObject {
    Q_OBJECT
  private slots:
    /// The test bench passes, and on 10,000 real rows the hardware's scores are the reference's to the bit.
    void scoresRealRows() {
        NEEDS_VERILATOR();
        NEEDS_REAL_DATA("cadata");
        const auto real = test::trainedOn("cadata", ScalingKind::Standard);
        const auto whole = exported::integerModel(real.model, 16);
        std::vector<std::vector<std::int64_t>> rows;
        for (std::size_t r = 0; r < 10'000; ++r) {
            auto& row = rows.emplace_back();
            for (std::size_t f = 0; f < real.raw.features; ++f)
                row.push_back(std::llround(
                    std::ldexp(double{real.raw.row(r)[f]} + real.raw.offset(f), whole.inputBits[f])));
        }
        simulate(real.model, rows);
    }

    void scoresManyClasses() {
        NEEDS_VERILATOR();
        simulate(manyClasses(), {});
    }

    /// A test bench that cannot fail checks nothing.
    void theTestBenchFails() {
        NEEDS_VERILATOR();
        const QTemporaryDir folder;
        const QString file = folder.filePath("m.sv");
        exportModel(manyClasses(), modelFormatOf(file.toStdString()), {}, file.toStdString());
        QFile source(file);
        QVERIFY(source.open(QIODevice::ReadOnly));
        QString text = QString::fromUtf8(source.readAll());
        source.close();
        const auto constants = text.indexOf("CONSTANT [5]");
        const auto digit = text.indexOf("'sd", constants) + 3;
        text[digit] = text[digit] == '9' ? '8' : '9';
        QVERIFY(source.open(QIODevice::WriteOnly) && source.write(text.toUtf8()) > 0);
        source.close();
        QString why;
        const QString simulation = simulationOf(file, objects_.path(), why);
        QVERIFY2(!simulation.isEmpty(), qPrintable(why));
        int exitCode = 0;
        const QString output = outputOf(simulation, {}, exitCode);
        QVERIFY(exitCode != 0);
        QVERIFY2(output.contains("FAIL") && !output.contains("PASS"), qPrintable(output));
    }

  private:
    static LinearModel manyClasses() {
        LinearModel model;
        model.task = Task::Classification;
        model.classNames = {"a", "b */", "c", "d", "e"};
        model.scaling = {ScalingKind::Unit, {0, -4, 1e12}, {2, 0.125, 1}};
        for (int c = 0; c < 5; ++c) {
            model.classLabels.push_back(c);
            model.perClass.push_back({0.1 * c, Eigen::Vector3d(std::sin(c), std::cos(c), 0.01 * c)});
        }
        model.parameters = LinearParameters::zero(3);
        return model;
    }

    void simulate(const LinearModel& model, const std::vector<std::vector<std::int64_t>>& rows) const {
        const QTemporaryDir folder;
        const QString file = folder.filePath("m.sv");
        exportModel(model, modelFormatOf(file.toStdString()), {}, file.toStdString());
        QString why;
        const QString simulation = simulationOf(file, objects_.path(), why);
        QVERIFY2(!simulation.isEmpty(), qPrintable(why));
        int exitCode = 0;
        const QString output = outputOf(simulation, {}, exitCode);
        QVERIFY2(exitCode == 0 && output.contains("PASS: 21 rows"), qPrintable(output));
        if (rows.empty())
            return;
        std::ofstream text(folder.filePath("rows").toStdString());
        for (const auto& row : rows)
            for (const auto value : row)
                text << value << (&value == &row.back() ? '\n' : ' ');
        text.close();
        const QStringList printed =
            outputOf(simulation, {"+rows=" + folder.filePath("rows")}, exitCode).split('\n');
        QCOMPARE(exitCode, 0);
        const auto whole = exported::integerModel(model, 16);
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const QString expected = QString::number(whole.scoresOf(rows[r]).front());
            QCOMPARE(printed.value(static_cast<qsizetype>(r)).section(' ', 0, 0), expected);
        }
        qInfo("%zu rows, all scores equal", rows.size());
    }

    const QTemporaryDir objects_; ///< one for all: Verilator's own library is compiled once
};

QTEST_GUILESS_MAIN(SystemVerilogTest)
#include "system_verilog_test.moc"
