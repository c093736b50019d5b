// Runs on a store of any precision, and runs in integers: what the spec asks for is what trains.

#include "core/lab/run.h"

#include <QtTest>

#include <functional>
#include <nlohmann/json.hpp>

using namespace zipml;

namespace {

struct Listener final : RunObserver {
    std::function<void(const EpochRecord&)> heard;
    void onEpoch(const EpochRecord& epoch) override {
        if (heard)
            heard(epoch);
    }
    RunWishes wanted;
    RunWishes wishes() override { return wanted; }
};

RunSpec specOf(EstimatorKind estimator, int bits) {
    RunSpec spec;
    spec.data.source = "synthetic:40x4000";
    spec.estimator = estimator;
    spec.bits = bits;
    spec.store = StoreKind::AnyPrecision;
    spec.sgd.batch = 32;
    spec.sgd.epochs = 12;
    spec.biasDraws = 0;
    return spec;
}

RunRecord run(const RunSpec& spec) {
    Listener listener;
    RunControl control;
    return runExperiment(spec, listener, control);
}

} // namespace

class AnyPrecisionTest : public QObject {
    Q_OBJECT
  private slots:
    // Another width from the next epoch on, without building anything again: bytes follow, and more bits
    // help.
    void bitsChangeBetweenEpochs() {
        Listener listener;
        RunControl control;
        listener.heard = [&listener](const EpochRecord& epoch) {
            if (epoch.epoch == 4)
                listener.wanted.bits = 7;
        };
        const auto spec = specOf(EstimatorKind::Corrected, 3);
        const auto record = runExperiment(spec, listener, control);
        const std::uint64_t values = 4000 * 40, labels = 4000 * sizeof(float);
        for (std::size_t e = 1; e < record.epochs.size(); ++e) {
            const int bits = e < 4 ? 3 : 7;
            QCOMPARE(record.epochs[e].bits, bits);
            QCOMPARE(record.epochs[e].sampleBytesMoved - record.epochs[e - 1].sampleBytesMoved,
                     values * static_cast<std::uint64_t>(bits) / 8 + labels);
        }
        QVERIFY(record.epochs.back().trainLoss < 0.5 * record.epochs[3].trainLoss);
    }

    // Full precision is reached at 8 bits by the unbiased estimators, not at 3 bits by the naive one.
    void estimatorsAreWhatTheyAreElsewhere() {
        const double optimum = *run(specOf(EstimatorKind::Naive, 3)).setup.optimumLoss;
        for (const auto arithmetic : {Arithmetic::Float, Arithmetic::Integer}) {
            auto naive = specOf(EstimatorKind::Naive, 3);
            naive.arithmetic = arithmetic;
            QVERIFY(run(naive).epochs.back().trainLoss > 20 * optimum);
            for (const auto kind :
                 {EstimatorKind::Corrected, EstimatorKind::Double, EstimatorKind::DoubleMean}) {
                auto spec = specOf(kind, 8);
                spec.arithmetic = arithmetic;
                const auto record = run(spec);
                QVERIFY(record.epochs.back().trainLoss < 1.3 * optimum);
                QVERIFY(record.setup.kernels.starts_with(arithmetic == Arithmetic::Integer
                                                             ? "bit planes, 8-bit integers"
                                                             : "bit planes, float32"));
            }
        }
    }

    // Integers give equal records on the scalar device and on any number of threads.
    void integersAreEqualOnEveryDevice() {
        for (const auto store : {StoreKind::Packed, StoreKind::AnyPrecision}) {
            std::optional<double> first;
            for (const char* device : {"cpu", "cpu-scalar"})
                for (const int threads : {1, 2}) {
                    auto spec = specOf(EstimatorKind::DoubleMean, 4);
                    spec.store = store;
                    spec.arithmetic = Arithmetic::Integer;
                    spec.sgd.batch = 512; // enough for two threads
                    spec.device = device;
                    spec.threads = threads;
                    const double loss = run(spec).epochs.back().trainLoss;
                    if (!first)
                        first = loss;
                    QCOMPARE(loss, *first);
                }
        }
    }

    void saysWhatDoesNotFit_data() {
        QTest::addColumn<QString>("changes");
        QTest::addColumn<QString>("said");
        QTest::newRow("bits") << R"({"store": "any-precision", "bits": 9})"
                              << "1 to 8 bits";
        QTest::newRow("grid") << R"({"store": "any-precision", "grid": "optimal"})"
                              << "uniform";
        QTest::newRow("batch") << R"({"store": "any-precision", "batch": 10})"
                               << "multiple of 16";
        QTest::newRow("copies") << R"({"store": "any-precision", "copies": 3})"
                                << "copies to 2";
        QTest::newRow("full") << R"({"store": "any-precision", "estimator": "full"})"
                              << "another estimator";
        QTest::newRow("integer full") << R"({"arithmetic": "integer", "estimator": "full"})"
                                      << "another estimator";
        QTest::newRow("model bits") << R"({"arithmetic": "integer", "model_bits": 12})"
                                    << "2 to 8 bits";
        QTest::newRow("integer batch")
            << R"({"arithmetic": "integer", "batch": 10, "data": "synthetic:4000x100"})"
            << "multiple of 16";
        QTest::newRow("integer levels") << R"({"arithmetic": "integer", "grid": "optimal", "bits": 3})"
                                        << "1, 2 or 4 bits";
        QTest::newRow("device") << R"({"device": "gpu"})"
                                << "cpu-scalar";
    }
    void saysWhatDoesNotFit() {
        QFETCH(QString, changes);
        QFETCH(QString, said);
        RunSpec base;
        base.data.source = "synthetic:5x200";
        try {
            run(specFromJson(nlohmann::json::parse(changes.toStdString()), base));
            QFAIL("no error");
        } catch (const InputError& error) {
            const QString text = QString::fromUtf8(error.what());
            QVERIFY2(text.contains(said), qPrintable(text));
            QVERIFY(!text.contains('\n'));
        }
    }
};

QTEST_APPLESS_MAIN(AnyPrecisionTest)
#include "any_precision_test.moc"
