// How many rows a run measures its bias on: explicit numbers are obeyed, auto keeps to a tenth of the counted
// work, and neither looks at a clock or at threads.

#include "core/lab/bias_budget.h"
#include "core/lab/run.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace zipml;

class BiasBudgetTest : public QObject {
    Q_OBJECT
  private slots:
    void explicitNumbersAreObeyed() {
        RunSpec spec;
        spec.biasRows = 700;
        QCOMPARE(biasRowsOf(spec, 100'000, 40'000), std::size_t{700});
        QCOMPARE(biasRowsOf(spec, 300, 40'000), std::size_t{300}); // there are no more
    }

    /// draws * rows * features * copies, four values each, against a tenth of the epoch's values.
    void autoKeepsToATenth() {
        for (const std::size_t rows : {1'000UL, 20'000UL, 463'715UL, 5'000'000UL})
            for (const std::size_t features : {1UL, 90UL, 1'000UL, 40'000UL})
                for (const int draws : {2, 16, 400})
                    for (const auto estimator : {EstimatorKind::Naive, EstimatorKind::Double}) {
                        RunSpec spec;
                        spec.estimator = estimator;
                        spec.biasDraws = draws;
                        const std::size_t chosen = biasRowsOf(spec, rows, features);
                        QVERIFY(chosen >= 1 && chosen <= BiasBudget::kMostRows && chosen <= rows);
                        const double roundings = double(chosen) * double(features) * draws * 2;
                        const double granted =
                            std::max(0.1 * double(rows) * double(features) / 4, BiasBudget::kAlways);
                        QVERIFY(roundings <= granted || chosen == 1);
                    }
        RunSpec spec;
        QCOMPARE(biasRowsOf(spec, 5'000, 8), std::size_t{1000}); // a small one as ever
        QCOMPARE(biasRowsOf(spec, 0, 8), std::size_t{0});
    }

    void readsAutoAndNumbers() {
        QVERIFY(!parseBiasRows("auto"));
        QCOMPARE(*parseBiasRows("77"), std::size_t{77});
        QCOMPARE(*parseBiasRows(77), std::size_t{77});
        RunSpec spec;
        QCOMPARE(toJson(spec)["bias_rows"].get<std::string>(), std::string("auto"));
        QVERIFY(specFromJson(toJson(spec)) == spec);
    }

    void theRecordHasTheRows() {
        RunSpec spec;
        spec.data.source = "synthetic:200x4000";
        spec.sgd.epochs = 1;
        RunObserver nobody;
        RunControl control;
        const std::size_t chosen = biasRowsOf(spec, 4000, 200);
        QVERIFY(chosen < 1000);
        for (const int threads : {1, 2}) {
            spec.threads = threads;
            const RunRecord record = runExperiment(spec, nobody, control);
            QCOMPARE(record.setup.biasRows, chosen);
            QCOMPARE(toJson(record)["bias_rows"].get<std::size_t>(), chosen);
            QVERIFY(record.epochs.back().biasStandardError.value() > 0);
        }
        spec.biasDraws = 0;
        QCOMPARE(runExperiment(spec, nobody, control).setup.biasRows, std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(BiasBudgetTest)
#include "bias_budget_test.moc"
