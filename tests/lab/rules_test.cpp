// What goes with what: what front ends ask of the rules beside a refusal.

#include "core/lab/rules.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace zipml;

class RulesTest : public QObject {
    Q_OBJECT
  private slots:
    void defaultsBreakNone() { QVERIFY(conflictsOf({.spec = RunSpec{}}).empty()); }

    void repairsGoOnUntilNoneIsLeft() {
        RunSpec spec;
        spec.estimator = EstimatorKind::Polynomial; // not of least squares
        spec.store = StoreKind::AnyPrecision;
        spec.bits = 12;
        spec.arithmetic = Arithmetic::Integer;
        spec.sgd.solver = SolverKind::BitCentering;
        QVERIFY(conflictsOf({.spec = spec}).size() > 3);
        QVERIFY(conflictsOf({.spec = repaired(spec)}).empty());
        try {
            requireSettings({.spec = spec});
            QFAIL("it was not refused");
        } catch (const ConflictError& error) {
            QVERIFY(error.repaired() != spec);
            QVERIFY(std::string(error.what()).find("; use ") != std::string::npos);
        }
    }

    // Levels that are wanted stay, and the store that has none of them goes.
    void wantedSettingsStay() {
        RunSpec spec;
        spec.store = StoreKind::AnyPrecision;
        spec.grid.kind = GridKind::Optimal;
        constexpr std::string_view wanted[] = {"grid", "bits"};
        const RunSpec made = makingRoom(spec, wanted);
        QCOMPARE(made.grid.kind, GridKind::Optimal);
        QCOMPARE(made.store, StoreKind::Packed);
    }

    void otherValuesAreAskedFor() {
        RunSpec spec;
        QVERIFY(!whyNotChoose(spec, "store", "any-precision"));
        spec.copies = 3;
        const auto conflict = whyNotChoose(spec, "store", "any-precision");
        QVERIFY(conflict);
        QCOMPARE(conflict->key, std::string_view("store"));
    }

    void settingsThatAreNotReadAreKnown() {
        RunSpec full;
        full.estimator = EstimatorKind::Full;
        for (const char* key :
             {"bits", "grid", "copies", "rounding", "degree", "certificate", "vector_scale"})
            QVERIFY2(!whyUnused(full, key).empty(), key);
        RunSpec sampled;
        for (const char* key : {"bits", "grid", "copies", "rounding", "schedule", "seed", "loss"})
            QVERIFY2(whyUnused(sampled, key).empty(), key);
        sampled.modelBits = 4;
        QVERIFY(whyUnused(sampled, "vector_scale").empty());
        sampled.arithmetic = Arithmetic::Integer; // has a range of its own
        QVERIFY(!whyUnused(sampled, "vector_scale").empty());
    }
};

QTEST_APPLESS_MAIN(RulesTest)
#include "rules_test.moc"
