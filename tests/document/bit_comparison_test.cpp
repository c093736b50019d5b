/// The comparison by bits: which runs it is made of, whatever the settings are.

#include "core/document/bit_comparison.h"
#include "core/lab/rules.h"

#include <QtTest>

#include <set>

#include <nlohmann/json.hpp>

using namespace zipml;

class BitComparisonTest : public QObject {
    Q_OBJECT
  private slots:
    void fullAndTwoEstimatorsAtFourWidths() {
        const auto specs = bitComparison({}, {GridKind::Optimal});
        QCOMPARE(specs.size(), std::size_t(9));
        QCOMPARE(specs.front().estimator, EstimatorKind::Full);
        std::set<std::pair<EstimatorKind, int>> seen;
        for (std::size_t i = 1; i < specs.size(); ++i) {
            seen.insert({specs[i].estimator, specs[i].bits});
            QCOMPARE(specs[i].grid.kind, GridKind::Optimal);
        }
        for (const auto estimator : {EstimatorKind::Double, EstimatorKind::Corrected})
            for (const int bits : {8, 4, 3, 2})
                QVERIFY(seen.contains({estimator, bits}));
    }

    // The corrected estimator is for slopes that are linear.
    void onlyWhatGoesWithTheLoss() {
        RunSpec settings;
        settings.loss = LossKind::Logistic;
        const auto specs = bitComparison(settings, {});
        QCOMPARE(specs.size(), std::size_t(5));
        for (const RunSpec& spec : specs)
            QVERIFY(spec.estimator != EstimatorKind::Corrected);
    }

    // The full-precision run of both comparisons is one and the same, also from settings that ask for more.
    void theReferenceDoesNotDependOnLevels() {
        RunSpec settings;
        settings.name = "mine";
        settings.store = StoreKind::AnyPrecision;
        settings.modelBits = 8;
        settings.bits = 6;
        const auto uniform = bitComparison(settings, {}),
                   optimal = bitComparison(settings, {GridKind::Optimal});
        QVERIFY(identityOf(uniform.front()) == identityOf(optimal.front()));
        QCOMPARE(uniform.front().modelBits, VectorQuantizer::kOff);
        QCOMPARE(optimal[1].store, StoreKind::Packed); // made room for optimal levels
        QVERIFY(identityOf(uniform[1]) != identityOf(optimal[1]));
    }

    void biasIsShownAtTheSettingsBits() {
        RunSpec settings;
        settings.bits = 2;
        settings.data.source = "synthetic:7";
        auto specs = biasComparison(settings);
        QCOMPARE(specs.size(), std::size_t(3));
        QCOMPARE(specs[0].estimator, EstimatorKind::Full);
        QCOMPARE(specs[1].estimator, EstimatorKind::Naive);
        QCOMPARE(specs[2].estimator, EstimatorKind::Double);
        QCOMPARE(specs[1].bits, 2);
        QCOMPARE(specs[2].data.source, std::string("synthetic:7"));
        specs = biasComparison(withEstimator(settings, EstimatorKind::Full));
        QCOMPARE(specs[1].bits, 4);
    }
};

QTEST_GUILESS_MAIN(BitComparisonTest)
#include "bit_comparison_test.moc"
