#include "tests/support/zipml_process.h"

using namespace zipml::test;

class BoardsTest : public QObject {
    Q_OBJECT
  private slots:
    void predictionsAreMarkedAsSuch() {
        const auto result = runZipml({"devices", "--boards"});
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.out.startsWith("Predictions by a model"));
        QVERIFY(result.out.contains("never measured"));
        const qsizetype boards = result.out.count("MHz");
        QVERIFY(boards >= 6);
        QCOMPARE(result.out.count("(predicted)"), boards);
    }

    /// docs/method.md#s8-4: 6, 3, 2, 1 and 1 lines for YearPrediction.
    void jsonHasEveryDesign() {
        const auto json = runZipml({"devices", "--boards", "--rows", "1000", "--json"}).json();
        QVERIFY(json["note"].toString().contains("never measured"));
        QCOMPARE(json["rows"].toInt(), 1000);
        for (const auto& value : json["boards"].toArray()) {
            const auto board = value.toObject();
            QVERIFY(board["predicted"].toBool());
            QList<int> lines;
            for (const auto& design : board["designs"].toArray())
                lines.push_back(design.toObject()["lines_per_row"].toInt());
            QCOMPARE(lines, (QList<int>{6, 3, 2, 1, 1}));
        }
    }

    void moreFeaturesThanThePipelineHoldsAreRefused() {
        const auto result = runZipml({"devices", "--boards", "--features", "9000"});
        QCOMPARE(result.exitCode, 2);
        QVERIFY(result.oneErrorLine());
    }
};

QTEST_APPLESS_MAIN(BoardsTest)
#include "boards_test.moc"
