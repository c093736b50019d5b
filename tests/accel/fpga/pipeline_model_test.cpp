#include "accel/fpga/pipeline_model.h"
#include "core/base/error.h"

#include <QtTest>
#include <cmath>

using namespace zipml;

class PipelineModelTest : public QObject {
    Q_OBJECT
  private slots:
    void reproducesPublishedTraffic_data() {
        QTest::addColumn<int>("features");
        QTest::addColumn<QList<double>>("published");
        // The table of docs/method.md#s8-4, which stands on the published packing code: float's lines by
        // those of 8, 4, 2 and 1 bits. What is memory bound is that much faster.
        QTest::newRow("cadata") << 8 << QList<double>{1, 1, 1, 1};
        QTest::newRow("cpusmall") << 12 << QList<double>{1, 1, 1, 1};
        QTest::newRow("YearPrediction") << 90 << QList<double>{2.0, 3.0, 6.0, 6.0};
        QTest::newRow("Synthetic 100") << 100 << QList<double>{1.75, 3.5, 7.0, 7.0};
        QTest::newRow("mnist") << 780 << QList<double>{2.0, 3.8, 7.0, 12.3};
        QTest::newRow("Synthetic 1000") << 1000 << QList<double>{2.0, 3.9, 7.9, 15.8};
        QTest::newRow("epsilon") << 2000 << QList<double>{2.0, 3.9, 7.9, 15.8};
        QTest::newRow("gisette") << 5000 << QList<double>{2.0, 4.0, 7.8, 15.7};
    }
    /// On the published platform, where the float pipeline waits for memory and 1 bit is balanced: within 3%
    /// of the table, whose figures have two digits.
    void reproducesPublishedTraffic() {
        QFETCH(int, features);
        QFETCH(QList<double>, published);
        qsizetype column = 0;
        for (const int bits : {8, 4, 2, 1}) {
            const double predicted = speedUp(bits, features), wanted = published[column++];
            QVERIFY2(std::abs(predicted / wanted - 1) < 0.03,
                     qPrintable(QString("%1 bits: %2 instead of %3").arg(bits).arg(predicted).arg(wanted)));
        }
    }

    void reproducesPublishedSpeedUps_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("features");
        QTest::addColumn<double>("published");
        // "up to 6.5x": ICML 2017, abstract (docs/method.md#s8-3, read there). Which set and width is not
        // said; the layout allows it at 2 bits (docs/method.md#s8-4), on the sets whose rows are 6 or 7 times
        // shorter then.
        QTest::newRow("abstract, YearPrediction, Q2") << 2 << 90 << 6.5;
        QTest::newRow("abstract, Synthetic 100, Q2") << 2 << 100 << 6.5;
        QTest::newRow("abstract, mnist, Q2") << 2 << 780 << 6.5;
        // "traffic saving up to 8x explains it": docs/method.md#s8-3, from memory of the paper's text.
        QTest::newRow("traffic, Synthetic 1000, Q2") << 2 << 1000 << 8.0;
        QTest::newRow("traffic, epsilon, Q2") << 2 << 2000 << 8.0;
        QTest::newRow("traffic, gisette, Q2") << 2 << 5000 << 8.0;
    }
    /// Of the quantized against the float pipeline, on the published platform, within 15%.
    void reproducesPublishedSpeedUps() {
        QFETCH(int, bits);
        QFETCH(int, features);
        QFETCH(double, published);
        const double predicted = speedUp(bits, features);
        QVERIFY2(std::abs(predicted / published - 1) < 0.15, qPrintable(QString::number(predicted)));
    }

    /// "around 2x to 11x by set and precision" (docs/method.md#s8-4, from memory of figures) is a range whose
    /// sets and widths are not known: of the sets used there, some prediction is within 15% of each end.
    /// Predictions go beyond it, to 15.6 for 1 bit on wide rows, which nothing published confirms.
    void publishedRangesAreReached() {
        for (const double end : {2.0, 11.0}) {
            double nearest = 0;
            for (const int features : {8, 90, 100, 780, 1000, 2000, 5000})
                for (const int bits : {8, 4, 2, 1})
                    if (const double each = speedUp(bits, features);
                        std::abs(each / end - 1) < std::abs(nearest / end - 1))
                        nearest = each;
            QVERIFY2(std::abs(nearest / end - 1) < 0.15, qPrintable(QString::number(nearest)));
        }
    }

    /// docs/method.md#s8-4: the float pipeline waits for memory about half of the time; 1-bit lines take two
    /// cycles, which balances them with QPI.
    void memoryAndClockAreBalancedAsPublished() {
        const FpgaBoard& harp = fpgaBoard("harp-v1");
        const FpgaPrediction floats = predictFpga(harp, {32, true}, 1, 91);
        QVERIFY(floats.memoryBound);
        QVERIFY(std::abs(1 / harp.clockHz / floats.secondsPerLine - 0.5) < 0.05);
        const FpgaPrediction bits = predictFpga(harp, {1, true}, 1, 91);
        QVERIFY(!bits.memoryBound);
        QVERIFY(std::abs(bits.secondsPerLine / floats.secondsPerLine - 1) < 0.15);
    }

    /// docs/method.md#s8-4: depth 5/6/7/8 for Q8/Q4/Q2/Q1, 4 for float; 16 float multipliers; latencies as
    /// simulated.
    void structureIsPublished() {
        const FpgaBoard& harp = fpgaBoard("harp-v1");
        std::vector<int> depths, latencies;
        for (const FpgaPrediction& prediction : predictFpga(harp, 1, 91)) {
            depths.push_back(prediction.resources.adderTreeDepth);
            latencies.push_back(prediction.resources.updateLatencyCycles);
            QCOMPARE(prediction.resources.modelBits, std::size_t{2 * 8192 * 32});
        }
        QCOMPARE(depths, (std::vector<int>{4, 5, 6, 7, 8}));
        QCOMPARE(latencies, (std::vector<int>{43, 14, 15, 16, 16}));
        QCOMPARE(predictFpgaResources(harp, {32, true}).multipliers, std::size_t{2 * 16});
        QCOMPARE(predictFpgaResources(harp, {2, true}).multipliers, std::size_t{0});
    }

    void cyclesAroundAnEpochAreThoseSimulated_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("features");
        QTest::addColumn<int>("cycles");
        // The published RTL, simulated cycle by cycle (docs/method.md#s8-4); float was not at 1001.
        QTest::newRow("float, 91") << 32 << 91 << 119;
        QTest::newRow("8 bits, 91") << 8 << 91 << 91;
        QTest::newRow("8 bits, 1001") << 8 << 1001 << 178;
        QTest::newRow("4 bits, 91") << 4 << 91 << 93;
        QTest::newRow("4 bits, 1001") << 4 << 1001 << 163;
        QTest::newRow("2 bits, 91") << 2 << 91 << 93;
        QTest::newRow("2 bits, 1001") << 2 << 1001 << 156;
        QTest::newRow("1 bit, 91") << 1 << 91 << 109;
        QTest::newRow("1 bit, 1001") << 1 << 1001 << 163;
    }
    void cyclesAroundAnEpochAreThoseSimulated() {
        QFETCH(int, bits);
        QFETCH(int, features);
        QFETCH(int, cycles);
        const FpgaDesign design{bits, true};
        QCOMPARE(static_cast<int>(fpgaCyclesAroundLines(design, static_cast<std::size_t>(features))), cycles);
        const FpgaBoard& harp = fpgaBoard("harp-v1");
        const auto epoch = predictFpga(harp, design, 0, static_cast<std::size_t>(features));
        QCOMPARE(epoch.secondsPerEpoch * harp.clockHz, double(cycles));
    }

    /// Where the published hardware was simulated to go wrong, and beside it.
    void publishedFaultsAreNamed() {
        using Cases = std::vector<std::pair<int, std::size_t>>;
        const auto fault = [](int bits, std::size_t features) {
            return !predictFpga(fpgaBoard("harp-v1"), {bits, true}, 1, features).publishedFault.empty();
        };
        for (const auto& [bits, features] : Cases{{8, 31}, {8, 32}, {4, 61}, {2, 121}, {1, 500}})
            QVERIFY2(fault(bits, features), qPrintable(QString("%1 bits, %2").arg(bits).arg(features)));
        for (const auto& [bits, features] : Cases{{8, 30}, {8, 33}, {4, 60}, {2, 120}, {1, 91}, {32, 16}})
            QVERIFY2(!fault(bits, features), qPrintable(QString("%1 bits, %2").arg(bits).arg(features)));
        QVERIFY(fault(1, 230)); // some of its features stay zero
    }

    /// The publication's board held every one of its designs.
    void publishedDesignsFitTheirBoard() {
        for (const FpgaPrediction& prediction : predictFpga(fpgaBoard("harp-v1"), 1, 91))
            QVERIFY2(prediction.fits, prediction.design.name().c_str());
    }

    void predictionsAreConsistent() {
        for (const FpgaBoard& board : fpgaBoards()) {
            QVERIFY(!board.device.empty());
            for (const std::size_t features : {1U, 9U, 91U, 5001U}) {
                for (const FpgaPrediction& p : predictFpga(board, 1000, features)) {
                    QVERIFY(p.secondsPerEpoch > 0);
                    QVERIFY(p.bytesPerEpoch / p.secondsPerEpoch <= board.bytesPerSecond * (1 + 1e-12));
                    QVERIFY(p.bytesPerEpoch / p.secondsPerEpoch <= 64 * board.clockHz * (1 + 1e-12));
                    if (p.design.isFloat())
                        QCOMPARE(p.timesFloat, 1.0);
                    const double more =
                        predictFpga(board, p.design, 2000, features).secondsPerEpoch - p.secondsPerEpoch;
                    QVERIFY(std::abs(more / (1000.0 * static_cast<double>(p.linesPerRow) * p.secondsPerLine) -
                                     1) < 1e-9);
                }
            }
        }
    }

    void unknownBoardsAreNamed() {
        QVERIFY_EXCEPTION_THROWN(fpgaBoard("de10"), InputError);
        try {
            fpgaBoard("de10");
        } catch (const InputError& error) {
            QVERIFY(QString(error.what()).contains("'de10'; known are harp-v1, a10-devkit"));
        }
    }

  private:
    static double speedUp(int bits, int features) {
        return predictFpga(fpgaBoard("harp-v1"), {bits, true}, 10'000, static_cast<std::size_t>(features) + 1)
            .timesFloat;
    }
};

QTEST_APPLESS_MAIN(PipelineModelTest)
#include "pipeline_model_test.moc"
