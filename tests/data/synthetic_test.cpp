#include "core/base/error.h"
#include "core/base/random.h"
#include "core/data/synthetic.h"
#include "core/loss/optimum.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace zipml;

namespace {

struct Moments {
    double variance = 0, kurtosis = 0;
};

Moments momentsOf(const Dataset& data, std::size_t feature) {
    double squares = 0;
    double fourths = 0;
    for (std::size_t r = 0; r < data.rows; ++r) {
        const double square = std::pow(double{data.row(r)[feature]}, 2);
        squares += square;
        fourths += square * square;
    }
    const auto rows = static_cast<double>(data.rows);
    return {squares / rows, fourths * rows / (squares * squares)};
}

/// The share of the labels' variance that the best model explains.
double explained(const Dataset& data) {
    ThreadTeam team(1);
    std::string note;
    const auto best = findOptimum(data, Loss{}, true, {}, team, note);
    double sum = 0;
    double squares = 0;
    for (const float label : data.labels) {
        sum += double{label};
        squares += double{label} * double{label};
    }
    const auto rows = static_cast<double>(data.rows);
    return 1 - best->loss / (squares / rows - std::pow(sum / rows, 2));
}

} // namespace

class SyntheticTest : public QObject {
    Q_OBJECT
  private slots:
    // Published figures rest on the plain sets, so their numbers stay as they are: normals of row and column
    // as drawn, and a label of a.x + 0.1 times the draw behind the features.
    void plainSetsAreTheDrawsThemselves() {
        const SyntheticSource source{6, 40, 3};
        const SyntheticData made = generate(source);
        const RandomStream stream(3, Purpose::Synthetic);
        const auto normal = [&](std::uint32_t row, std::size_t column) {
            return stream.normals(row, static_cast<std::uint32_t>(column / 4))[column % 4];
        };
        for (const auto& [data, first] : {std::pair{&made.train, 0U}, {&made.test, 40U}}) {
            QCOMPARE(data->rows, 40U);
            for (std::uint32_t r = 0; r < 40; ++r) {
                double label = 0.1 * normal(first + r, 6);
                for (std::size_t f = 0; f < 6; ++f) {
                    QCOMPARE(data->row(r)[f], static_cast<float>(normal(first + r, f)));
                    label += double{data->row(r)[f]} * normal(0xFFFFFFFFU, f);
                }
                QCOMPARE(data->labels[r], static_cast<float>(label));
            }
        }
    }

    void threadsChangeNothing() {
        for (const bool heavy : {false, true}) {
            const SyntheticSource source{70, 4000, 2, heavy, 0.5};
            const auto one = generate(source, {}, 1);
            const auto three = generate(source, {}, 3);
            QVERIFY(one.train.values == three.train.values && one.train.labels == three.train.labels);
            QVERIFY(one.test.values == three.test.values && one.test.labels == three.test.labels);
        }
    }

    // A value is a normal times exp(half of another): kurtosis 3 e. Deviations of the estimate: 2% each.
    void heavyTails() {
        const Dataset data = generate(*parseSynthetic("synthetic:12x400000,heavy-tailed")).train;
        double kurtosis = 0;
        double least = HUGE_VAL;
        double most = 0;
        for (std::size_t f = 0; f < data.features; ++f) {
            const Moments moments = momentsOf(data, f);
            kurtosis += moments.kurtosis / static_cast<double>(data.features);
            least = std::min(least, moments.variance);
            most = std::max(most, moments.variance);
        }
        QVERIFY2(std::abs(kurtosis / (3 * std::numbers::e) - 1) < 0.1, qPrintable(QString::number(kurtosis)));
        QVERIFY2(most > 10 * least, qPrintable(QString("%1 %2").arg(least).arg(most)));
    }

    void r2IsWhatTheModelExplains_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<double>("share");
        for (const double share : {0.05, 0.25, 0.9, 1.0})
            for (const char* tails : {"", ",heavy-tailed"})
                QTest::addRow("%g%s", share, tails)
                    << QString("synthetic:10x100000%1,r2=%2").arg(tails).arg(share) << share;
    }
    void r2IsWhatTheModelExplains() {
        QFETCH(QString, source);
        QFETCH(double, share);
        const double measured = explained(generate(*parseSynthetic(source.toStdString())).train);
        QVERIFY2(std::abs(measured - share) < 0.01, qPrintable(QString::number(measured)));
    }

    // The classes are the signs of the labels that there would be without them; the features are the same.
    void classesAreTheSignsOfTheLabels() {
        for (const char* options : {",r2=0.8", ",heavy-tailed,r2=0.3@5"}) {
            const std::string source = std::string("synthetic:7x3000") + options;
            const auto values = generate(*parseSynthetic(source));
            const auto classes = generate(*parseSynthetic(source + ",classes"));
            for (const auto& [from, to] :
                 {std::pair{&values.train, &classes.train}, {&values.test, &classes.test}}) {
                QVERIFY(from->values == to->values);
                QCOMPARE(to->rows, from->rows);
                for (std::size_t r = 0; r < to->rows; ++r)
                    QCOMPARE(to->labels[r], from->labels[r] < 0 ? -1.0F : 1.0F);
            }
            QVERIFY(classes.train.name.find("classes") != std::string::npos);
        }
        QCOMPARE(parseSynthetic("synthetic:10x50000,classes")->testRows(), 10'000U);
    }

    void optionsAndSeedAreRead() {
        const auto full = parseSynthetic("synthetic:90x463715,heavy-tailed,r2=0.25@7");
        QCOMPARE(full->features, 90U);
        QCOMPARE(full->rows, 463'715U);
        QCOMPARE(full->seed, 7U);
        QVERIFY(full->heavyTailed);
        QCOMPARE(*full->r2, 0.25);
        const auto other = parseSynthetic("synthetic:20@9,r2=1e-1");
        QCOMPARE(other->features, 20U);
        QCOMPARE(other->rows, 10'000U);
        QCOMPARE(other->seed, 9U);
        QVERIFY(!other->heavyTailed);
        QCOMPARE(*other->r2, 0.1);
        QVERIFY(!parseSynthetic("cadata"));
    }

    void largeAndHardSetsHaveFewTestRows() {
        QCOMPARE(parseSynthetic("synthetic:90x400000")->testRows(), 400'000U);
        QCOMPARE(parseSynthetic("synthetic:1024x500000")->testRows(), 10'000U);
        QCOMPARE(parseSynthetic("synthetic:10x50000,r2=0.5")->testRows(), 10'000U);
        QCOMPARE(parseSynthetic("synthetic:10x500,heavy-tailed")->testRows(), 500U);
    }

    void badSourcesAreOneLine_data() {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("why");
        QTest::newRow("unknown") << "5,fat"
                                 << "'fat' is no option";
        QTest::newRow("empty") << "5,"
                               << "'' is no option";
        QTest::newRow("two in a row") << "5,,r2=0.5"
                                      << "'' is no option";
        QTest::newRow("no number") << "5,r2=much"
                                   << "r2 must be";
        QTest::newRow("nothing explained") << "5,r2=0"
                                           << "r2 must be";
        QTest::newRow("more than all") << "5,r2=1.5"
                                       << "r2 must be";
        QTest::newRow("seed") << "5,r2=0.5@x"
                              << "'x' is not a whole number";
        QTest::newRow("no size") << ",r2=0.5"
                                 << "'' is not a whole number";
        QTest::newRow("rows") << "5x3,r2=0.5"
                              << "rows must be";
        QTest::newRow("memory") << "100000x100000000,r2=0.5"
                                << "memory";
    }
    void badSourcesAreOneLine() {
        QFETCH(QString, options);
        QFETCH(QString, why);
        try {
            generate(*parseSynthetic(("synthetic:" + options).toStdString()));
            QFAIL("accepted");
        } catch (const InputError& error) {
            const QString line = error.what();
            QVERIFY2(line.contains(why) && !line.contains('\n'), qPrintable(line));
        }
    }
};

QTEST_GUILESS_MAIN(SyntheticTest)
#include "synthetic_test.moc"
