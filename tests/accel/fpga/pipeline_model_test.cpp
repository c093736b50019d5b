#include "accel/fpga/pipeline_model.h"
#include "core/base/error.h"

#include <QtTest>
#include <cmath>

using namespace zipml;

class PipelineModelTest : public QObject {
    Q_OBJECT
  private slots:
    void reproducesPublishedSpeedUps_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("features");
        QTest::addColumn<double>("published");
        // "up to 6.5x": ICML 2017, abstract (method.md 8.3, read there). Which set and width is not said; the
        // layout allows it at 2 bits (method.md 8.4), on the sets whose rows are 6 or 7 times shorter then.
        QTest::newRow("abstract, YearPrediction, Q2") << 2 << 90 << 6.5;
        QTest::newRow("abstract, Synthetic 100, Q2") << 2 << 100 << 6.5;
        QTest::newRow("abstract, mnist, Q2") << 2 << 780 << 6.5;
        // "traffic saving up to 8x explains it": method.md 8.3, from memory of the paper's text.
        QTest::newRow("traffic, Synthetic 1000, Q2") << 2 << 1000 << 8.0;
        QTest::newRow("traffic, epsilon, Q2") << 2 << 2000 << 8.0;
        QTest::newRow("traffic, gisette, Q2") << 2 << 5000 << 8.0;
        // "around 2x" as the least speed-up: method.md 8.4, from memory of FCCM 2017's figures. Their
        // greatest, "around 11x", is not held against the model, since its set and width are not known.
        QTest::newRow("figures, least, Q8") << 8 << 780 << 2.0;
    }
    /// Of the quantized against the float pipeline, on the published platform, within 15%.
    void reproducesPublishedSpeedUps() {
        QFETCH(int, bits);
        QFETCH(int, features);
        QFETCH(double, published);
        const FpgaPrediction prediction =
            predictFpga(fpgaBoard("harp-v1"), {bits, true}, 10'000, static_cast<std::size_t>(features) + 1);
        QVERIFY2(std::abs(prediction.timesFloat / published - 1) < 0.15,
                 qPrintable(QString::number(prediction.timesFloat)));
    }

    /// method.md 8.4: the float pipeline waits for memory about half of the time; 1-bit lines take two
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

    /// method.md 8.4: depth 5/6/7/8 for Q8/Q4/Q2/Q1, 4 for float; 16 float multipliers; latency depth + 6.
    void structureIsPublished() {
        const FpgaBoard& harp = fpgaBoard("harp-v1");
        std::vector<int> depths;
        for (const FpgaPrediction& prediction : predictFpga(harp, 1, 91)) {
            depths.push_back(prediction.resources.adderTreeDepth);
            QCOMPARE(prediction.resources.dotLatencyCycles, depths.back() + 6);
            QCOMPARE(prediction.resources.modelBits, std::size_t{2 * 8192 * 32});
        }
        QCOMPARE(depths, (std::vector<int>{4, 5, 6, 7, 8}));
        QCOMPARE(predictFpgaResources(harp, {32, true}).multipliers, std::size_t{2 * 16});
        QCOMPARE(predictFpgaResources(harp, {2, true}).multipliers, std::size_t{0});
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
                    QCOMPARE(p.secondsPerEpoch * 2,
                             predictFpga(board, p.design, 2000, features).secondsPerEpoch);
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
};

QTEST_APPLESS_MAIN(PipelineModelTest)
#include "pipeline_model_test.moc"
