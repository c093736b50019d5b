// Rows that a program holds: what is trained on them is what is trained on a file, or a copy, with the same rows; they are
// not written to.

#include "core/data/synthetic.h"
#include "core/lab/run.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <numeric>

using namespace zipml;

namespace {

/// More rows than one block has, with features whose sizes differ.
struct Held {
    std::vector<float> values;
    std::vector<double> labels;
    std::size_t features = 40;

    explicit Held(std::size_t rows = 25'000) {
        SyntheticSource spec;
        spec.features = features;
        spec.rows = rows;
        Dataset data = generate(spec).train;
        for (std::size_t i = 0; i < data.values.size(); ++i)
            values.push_back(data.values[i] * static_cast<float>(i % features + 1) + 3);
        labels.assign(data.labels.begin(), data.labels.end());
        labels.resize(data.rows);
    }

    [[nodiscard]] GivenRows given() const {
        GivenRows rows;
        rows.rows = labels.size();
        rows.features = features;
        rows.values = values;
        rows.labels = labels;
        return rows;
    }
};

RunSpec quick() {
    RunSpec spec;
    spec.sgd.epochs = 3;
    spec.sgd.batch = 64;
    spec.biasDraws = 0;
    spec.threads = 3;
    return spec;
}

RunRecord trained(const RunSpec& spec, const GivenRows& rows, const RunRecord* earlier = nullptr) {
    RunObserver nobody;
    RunControl control;
    return runOnRows(spec, rows, nobody, control, earlier);
}

void compare(const RunRecord& a, const RunRecord& b) {
    QCOMPARE(a.epochs.size(), b.epochs.size());
    QVERIFY(a.model.parameters.weights == b.model.parameters.weights);
    QCOMPARE(a.model.parameters.intercept, b.model.parameters.intercept);
    QCOMPARE(a.model.perClass.size(), b.model.perClass.size());
    for (std::size_t c = 0; c < a.model.perClass.size(); ++c)
        QVERIFY(a.model.perClass[c].weights == b.model.perClass[c].weights);
    QCOMPARE(a.setup.step, b.setup.step);
    QCOMPARE(a.setup.meanVariance, b.setup.meanVariance);
    QCOMPARE(a.setup.exactMeanVariance, b.setup.exactMeanVariance);
    QCOMPARE(a.setup.notes, b.setup.notes);
    for (std::size_t i = 0; i < a.epochs.size(); ++i) {
        QVERIFY(std::abs(a.epochs[i].trainLoss / b.epochs[i].trainLoss - 1) < 1e-5);
        QCOMPARE(a.epochs[i].bytesMoved, b.epochs[i].bytesMoved);
    }
}

} // namespace

class RowsInPlaceTest : public QObject {
    Q_OBJECT
  private slots:
    void aCopyGivesTheSame_data() {
        QTest::addColumn<QString>("settings");
        for (const char* settings :
             {R"({})", R"({"grid": "optimal", "bits": 4, "estimator": "nearest"})",
              R"({"estimator": "corrected"})", R"({"scaling": "minmax", "rounding": "epoch"})",
              R"({"scaling": "none", "step": 1e-6})", R"({"order": "file", "copies": 3})",
              R"({"shared_grid": true, "label_scaling": "standard"})"})
            QTest::newRow(settings) << settings;
    }
    void aCopyGivesTheSame() {
        QFETCH(const QString, settings);
        const Held held;
        const auto before = held.values;
        const RunSpec spec = specFromJson(nlohmann::json::parse(settings.toStdString()), quick());
        QCOMPARE(whyNotInPlace(spec), std::string());
        RunSpec copied = spec; // what wants a copy, and changes no model
        copied.biasDraws = 2;
        copied.biasRows = 2;
        QVERIFY(!whyNotInPlace(copied).empty());
        compare(trained(spec, held.given()), trained(copied, held.given()));
        QVERIFY(held.values == before);
    }

    void classes() {
        Held held(2000);
        RunSpec spec = quick();
        spec.loss = LossKind::Logistic;
        for (const int count : {2, 3}) {
            for (std::size_t row = 0; row < held.labels.size(); ++row)
                held.labels[row] = static_cast<int>(row * 7 % 11) % count + 5;
            RunSpec copied = spec;
            copied.biasDraws = 2;
            copied.biasRows = 2;
            const RunRecord record = trained(spec, held.given());
            compare(record, trained(copied, held.given()));
            QCOMPARE(record.model.classLabels.size(), static_cast<std::size_t>(count));
            QCOMPARE(record.confusion, trained(copied, held.given()).confusion);
        }
    }

    /// One epoch after another is what so many are.
    void goesOn() {
        const Held held(3000);
        RunSpec spec = quick();
        const RunRecord all = trained(spec, held.given());
        spec.sgd.epochs = 1;
        RunRecord parts = trained(spec, held.given());
        const Scaling scaling = parts.model.scaling;
        spec.sgd.step = parts.setup.step;
        for (spec.sgd.epochs = 2; spec.sgd.epochs <= 3; ++spec.sgd.epochs) {
            GivenRows rows = held.given();
            rows.scaling = &scaling;
            parts = trained(spec, rows, &parts);
        }
        compare(parts, all);
    }

    void classesThatComeLater() {
        Held held(2000);
        for (std::size_t row = 0; row < held.labels.size(); ++row)
            held.labels[row] = static_cast<double>(row % 2);
        RunSpec spec = quick();
        spec.loss = LossKind::Hinge;
        GivenRows rows = held.given();
        rows.classLabels = {0, 1, 2};
        QCOMPARE(trained(spec, rows).model.perClass.size(), std::size_t{3});
        rows.classLabels = {0, 2};
        QVERIFY_THROWS_EXCEPTION(InputError, trained(spec, rows));
    }

    void whatIsNotFiniteIsNamed() {
        Held held(200);
        held.values[7 * held.features + 2] = std::numeric_limits<float>::infinity();
        try {
            trained(quick(), held.given());
            QFAIL("it was trained on");
        } catch (const InputError& error) {
            QCOMPARE(QString(error.what()).section(';', 0, 0),
                     QString("rows: row 8: feature 3 is not a finite number"));
        }
        held.values[7 * held.features + 2] = 0;
        held.labels[3] = std::nan("");
        QVERIFY_THROWS_EXCEPTION(InputError, trained(quick(), held.given()));
    }

    void partsThatDifferInLengthAreRefused() {
        const Held held(200);
        GivenRows rows = held.given();
        rows.labels = rows.labels.first(199);
        QVERIFY_THROWS_EXCEPTION(InputError, trained(quick(), rows));
        rows = held.given();
        rows.features = 0;
        QVERIFY_THROWS_EXCEPTION(InputError, trained(quick(), rows));
        const Scaling narrow{ScalingKind::Standard, {0, 0}, {1, 1}};
        rows = held.given();
        rows.scaling = &narrow;
        QVERIFY_THROWS_EXCEPTION(InputError, trained(quick(), rows));
    }

    void aSplitIsTakenOut() {
        const Held held(1000);
        RunSpec spec = quick();
        spec.data.split = 0.8;
        QVERIFY(!whyNotInPlace(spec).empty());
        const RunRecord record = trained(spec, held.given());
        QCOMPARE(record.setup.trainRows, std::size_t{800});
        QVERIFY(record.epochs.back().testLoss.has_value());
    }
};

QTEST_GUILESS_MAIN(RowsInPlaceTest)
#include "rows_in_place_test.moc"
