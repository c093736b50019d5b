#include "core/data/scaling.h"
#include "core/data/split.h"
#include "core/data/synthetic.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace zipml;

namespace {

std::vector<double> column(const Dataset& data, std::size_t feature) {
    std::vector<double> values;
    for (std::size_t r = 0; r < data.rows; ++r)
        values.push_back(data.row(r)[feature]);
    return values;
}

Dataset awkwardData() {
    auto data = test::randomData(300, 5, 1);
    for (std::size_t r = 0; r < data.rows; ++r) {
        data.row(r)[1] = 7.25F;                         // constant
        data.row(r)[2] = 1e6F + data.row(r)[2];         // a large common part
        data.row(r)[3] = -std::abs(data.row(r)[3]) - 1; // only negative values (docs/method.md#s12-8)
        data.row(r)[4] = r % 10 == 0 ? 100 * data.row(r)[4] : 0; // sparse, heavy tails
    }
    return data;
}

} // namespace

class ScalingTest : public QObject {
    Q_OBJECT
  private slots:
    void columnsReachTheirTarget() {
        for (const auto& entry : namesOf<ScalingKind>()) {
            auto data = awkwardData();
            const auto before = data;
            const auto scaling = fitScaling(data, entry.value);
            applyScaling(scaling, data);
            for (const std::size_t f : {0UL, 2UL, 3UL, 4UL}) {
                const auto values = column(data, f);
                const auto [low, high] = std::ranges::minmax(values);
                double mean = 0;
                double squares = 0;
                for (const double value : values)
                    mean += value / 300;
                for (const double value : values)
                    squares += (value - mean) * (value - mean) / 300;
                switch (entry.value) {
                case ScalingKind::MinMax:
                    QVERIFY(std::abs(low + 1) < 1e-5 && std::abs(high - 1) < 1e-5);
                    break;
                case ScalingKind::Unit:
                    QVERIFY(std::abs(low) < 1e-5 && std::abs(high - 1) < 1e-5);
                    break;
                case ScalingKind::Standard:
                    QVERIFY(std::abs(mean) < 1e-5 && std::abs(squares - 1) < 1e-4);
                    break;
                case ScalingKind::MaxAbs:
                    QVERIFY(std::abs(std::max(std::abs(low), std::abs(high)) - 1) < 1e-6);
                    break;
                case ScalingKind::RowUnit:
                case ScalingKind::None:
                    break;
                }
            }
            for (const float value : data.values)
                QVERIFY(std::isfinite(value));
            if (entry.value == ScalingKind::None)
                QCOMPARE(data.values, before.values);
            if (entry.value == ScalingKind::RowUnit)
                for (std::size_t r = 0; r < data.rows; ++r) {
                    double squares = 0;
                    for (const float value : data.row(r))
                        squares += double{value} * value;
                    QVERIFY(std::abs(squares - 1) < 1e-5);
                }
        }
    }

    void aConstantColumnBecomesZero() {
        for (const auto kind : {ScalingKind::MinMax, ScalingKind::Unit, ScalingKind::Standard}) {
            auto data = awkwardData();
            applyScaling(fitScaling(data, kind), data);
            for (const double value : column(data, 1))
                QCOMPARE(value, 0.0);
        }
    }

    void aSplitKeepsEveryRowOnce() {
        auto data = test::randomData(101, 3, 5);
        const auto whole = data;
        const auto test = splitOffTest(data, 0.7, 4);
        QCOMPARE(data.rows, 71UL);
        QCOMPARE(test.rows, 30UL);
        std::multiset<float> labels(data.labels.begin(), data.labels.end());
        labels.insert(test.labels.begin(), test.labels.end());
        QCOMPARE(labels, std::multiset<float>(whole.labels.begin(), whole.labels.end()));
        auto again = whole;
        QCOMPARE(splitOffTest(again, 0.7, 4).labels, test.labels);
        auto other = whole;
        QVERIFY(splitOffTest(other, 0.7, 5).labels != test.labels);
        auto all = whole;
        QCOMPARE(splitOffTest(all, 1.0, 4).rows, 0UL);
        QCOMPARE(all.values, whole.values);
    }

    void generatedDataFollowsItsModel() {
        const auto source = parseSynthetic("synthetic:7x4000@3");
        QVERIFY(source.has_value());
        const auto data = generate(*source);
        QCOMPARE(data.train.rows, 4000UL);
        QCOMPARE(data.test.rows, 4000UL);
        QCOMPARE(data.train.features, 7UL);
        QCOMPARE(generate(*source).train.values, data.train.values);
        QVERIFY(data.train.values != data.test.values);
        auto other = *source;
        other.seed = 4;
        QVERIFY(generate(other).train.values != data.train.values);
    }

    void nonsenseSourcesAreRefused() {
        QVERIFY(!parseSynthetic("cadata").has_value());
        for (const char* text :
             {"synthetic:", "synthetic:x", "synthetic:0", "synthetic:100x", "synthetic:100x5", "synthetic:-3",
              "synthetic:10@", "synthetic:10@-1", "synthetic:10 "})
            QVERIFY_EXCEPTION_THROWN(parseSynthetic(text), InputError);
    }
};

QTEST_APPLESS_MAIN(ScalingTest)
#include "scaling_test.moc"
