// Weights repeat rows.

#include "core/data/row_weights.h"
#include "tests/support/random_data.h"

#include <QtTest>

using namespace zipml;

class RowWeightsTest : public QObject {
    Q_OBJECT

  private slots:
    void rowsAreRepeatedByTheRatioOfTheirWeights() {
        Dataset data = test::randomData(4, 2, 1);
        data.weights = {0.5F, 0, 1.5F, 1};
        const Dataset before = data;
        repeatByWeight(data);
        const std::vector<std::size_t> from{0, 2, 2, 2, 3, 3};
        QCOMPARE(data.rows, from.size());
        QVERIFY(data.weights.empty());
        for (std::size_t r = 0; r < from.size(); ++r) {
            QVERIFY(std::ranges::equal(data.row(r), before.row(from[r])));
            QCOMPARE(data.labels[r], before.labels[from[r]]);
        }
    }

    void otherRatiosAreRefused() {
        for (const auto& weights : {std::vector<float>{1, 1.25F}, {1, 2000}, {0, 0}}) {
            Dataset data = test::randomData(2, 2, 1);
            data.weights = weights;
            QVERIFY_EXCEPTION_THROWN(repeatByWeight(data), InputError);
        }
        Dataset large = test::randomData(2, 2, 1);
        large.weights = {1, 1000};
        QVERIFY_EXCEPTION_THROWN(repeatByWeight(large, 1000), InputError);
    }
};

QTEST_GUILESS_MAIN(RowWeightsTest)
#include "row_weights_test.moc"
