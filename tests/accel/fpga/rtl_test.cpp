#include "accel/fpga/pipeline_model.h"
#include "accel/fpga/reference.h"
#include "core/base/random.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace zipml;

Q_DECLARE_METATYPE(zipml::FpgaDesign)

namespace {

struct Shape {
    std::size_t rows, features;
};
/// Rows of less than a line, of whole lines but for the label, of several, and epochs long enough for 1%.
constexpr Shape kShapes[] = {{1, 1}, {40, 7}, {60, 31}, {33, 257}, {1'500, 91}, {60, 1001}};

/// Samples in the design's range, labels in [-10, 10).
FpgaLines linesFor(const FpgaDesign& design, Shape shape) {
    const RandomStream stream(11, Purpose::Synthetic, 4);
    std::vector<float> values, labels;
    for (std::uint32_t r = 0; r < shape.rows; ++r) {
        for (std::uint32_t f = 0; f < shape.features; ++f) {
            const auto uniform = static_cast<float>(stream.uniform(r, f));
            values.push_back(design.unitRange && !design.isFloat() ? uniform : 2 * uniform - 1);
        }
        labels.push_back(static_cast<float>(20 * stream.uniform(r, 1'000'000) - 10));
    }
    return packFpgaLines(design, values, labels, shape.features, 3);
}

std::size_t rowBeatsOf(const FpgaLines& lines) {
    return lines.linesPerRow * lines.design.beatsPerLine();
}

} // namespace

/// The pipeline in SystemVerilog (accel/fpga/rtl), simulated by Verilator.
class RtlTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        if (QStandardPaths::findExecutable("verilator").isEmpty())
            QSKIP("there is no Verilator here; install verilator to have the hardware simulated");
        QVERIFY(folder_.isValid());
    }

    void equalsTheReference_data() {
        QTest::addColumn<FpgaDesign>("design");
        // Compiling one takes half a minute of a processor: the others by ZIPML_RTL_DESIGNS=all.
        std::vector<FpgaDesign> designs{{32, true}, {8, true}, {1, true}};
        if (qEnvironmentVariable("ZIPML_RTL_DESIGNS") == "all")
            designs.insert(designs.end(), {{4, true}, {2, false}});
        for (const FpgaDesign& design : designs)
            QTest::newRow(design.name().c_str()) << design;
    }
    /// The model bit for bit, over two epochs, with memory that brings a line a cycle and with one that pauses;
    /// cycles as the model of the published pipeline predicts, within 1% where an epoch is long.
    void equalsTheReference() {
        QFETCH(FpgaDesign, design);
        const QString program = built(design);
        QVERIFY2(!program.isEmpty(), qPrintable(output_));
        for (const Shape shape : kShapes) {
            const FpgaLines lines = linesFor(design, shape);
            const FpgaEpoch epoch{5 + static_cast<int>(std::bit_width(shape.features)), 1,
                                  fpgaStaleRows(design, lines.linesPerRow)};
            std::vector<std::int32_t> wanted(shape.features, 1 << 18), model = wanted;
            for (const std::uint32_t every : {1U, 3U}) {
                runFpgaReference(lines, epoch, wanted);
                const std::uint32_t cycles = simulate(program, lines, epoch, every, model);
                QVERIFY2(cycles > 0, qPrintable(output_));
                QVERIFY2(model == wanted,
                         qPrintable(QString("%1 x %2, a line each %3 cycles: the model differs")
                                        .arg(shape.rows)
                                        .arg(shape.features)
                                        .arg(every)));
                const std::size_t beats = shape.rows * rowBeatsOf(lines);
                if (every == 1 && beats >= 1'500) {
                    const auto predicted =
                        static_cast<double>(beats + fpgaCyclesAroundLines(design, shape.features));
                    QVERIFY2(std::abs(cycles / predicted - 1) < 0.01,
                             qPrintable(QString("%1 x %2: %3 cycles, %4 predicted")
                                            .arg(shape.rows)
                                            .arg(shape.features)
                                            .arg(cycles)
                                            .arg(predicted)));
                }
            }
        }
    }

  private:
    /// @return the program; empty: output_ says why not
    QString built(const FpgaDesign& design) {
        const QString rtl = qEnvironmentVariable("ZIPML_SOURCE_DIR") + "/accel/fpga/rtl/";
        const QString into = folder_.filePath(QString::fromStdString(design.name()));
        QStringList arguments{"--cc",
                              "--exe",
                              "--build",
                              "-O3",
                              "-CFLAGS",
                              "-O1",
                              "-Wall",
                              "-Wno-UNUSEDSIGNAL",
                              "-Wno-UNUSEDPARAM",
                              "--Mdir",
                              into,
                              "--top-module",
                              "zipml_sgd",
                              QString("-GBITS=%1").arg(design.bits),
                              QString("-GUNIT_RANGE=%1").arg(design.unitRange ? 1 : 0),
                              "-o",
                              "simulation"};
        for (const char* file :
             {"zipml_float.sv", "zipml_sgd.sv", "zipml_lane.sv", "zipml_product.sv", "simulation.cpp"})
            arguments << rtl + file;
        return finishes("verilator", arguments) ? into + "/simulation" : QString();
    }

    /// @return the epoch's cycles; 0: it failed
    std::uint32_t simulate(const QString& program, const FpgaLines& lines, const FpgaEpoch& epoch,
                           std::uint32_t every, std::vector<std::int32_t>& model) {
        constexpr std::uint32_t kLatency = 60;
        const std::size_t values = rowBeatsOf(lines) * lines.design.lanes();
        std::vector<std::uint32_t> input{static_cast<std::uint32_t>(lines.rows),
                                         static_cast<std::uint32_t>(lines.linesPerRow),
                                         static_cast<std::uint32_t>(values / kFpgaLineWords),
                                         static_cast<std::uint32_t>(epoch.stepShift),
                                         epoch.mask,
                                         kLatency,
                                         every};
        std::vector<std::uint32_t> all(model.begin(), model.end());
        all.resize(values);
        std::ranges::copy(all, std::back_inserter(input));
        std::ranges::copy(lines.words, std::back_inserter(input));
        const QString in = folder_.filePath("input"), out = folder_.filePath("output");
        QFile file(in);
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(reinterpret_cast<const char*>(input.data()),
                       static_cast<qint64>(input.size() * sizeof(std::uint32_t))) < 0)
            return 0;
        file.close();
        QFile result(out);
        if (!finishes(program, {in, out}) || !result.open(QIODevice::ReadOnly))
            return 0;
        const QByteArray bytes = result.readAll();
        std::vector<std::uint32_t> words(static_cast<std::size_t>(bytes.size()) / sizeof(std::uint32_t));
        std::copy_n(bytes.data(), words.size() * sizeof(std::uint32_t),
                    reinterpret_cast<char*>(words.data()));
        if (words.size() != values + 1)
            return 0;
        std::copy_n(words.begin() + 1, model.size(), model.begin());
        return words[0];
    }

    bool finishes(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(program, arguments);
        const bool done = process.waitForFinished(120'000) && process.exitStatus() == QProcess::NormalExit &&
                          process.exitCode() == 0;
        output_ = program + ": " + process.errorString() + "\n" + process.readAll();
        return done;
    }

    QTemporaryDir folder_;
    QString output_; ///< of the last program
};

QTEST_APPLESS_MAIN(RtlTest)
#include "rtl_test.moc"
