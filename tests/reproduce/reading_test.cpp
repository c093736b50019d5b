// Numbers read off runs, and verdicts on them: on runs made up so that the answer is known.

#include "core/base/error.h"
#include "core/reproduce/claim.h"

#include "core/lab/run_spec.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace zipml;
using nlohmann::json;
using Bound = Reading::Bound;

namespace {

json runWith(int bits, std::uint64_t seed, double loss, double reference, const char* estimator = "double") {
    RunSpec spec;
    spec.bits = bits;
    spec.seed = seed;
    json settings = toJson(spec);
    settings["estimator"] = estimator;
    return {{"spec", settings},
            {"status", std::isfinite(loss) ? "completed" : "diverged"},
            {"reference_loss", reference},
            {"reference_objective", reference},
            {"initial", {{"epoch", 0}, {"train_loss", 100.0}, {"objective", 100.0}}},
            {"epochs", {{{"epoch", 1}, {"train_loss", loss}, {"objective", loss}, {"refetch_rate", 0.25}}}},
            {"final", {{"train_loss", loss}, {"objective", loss}, {"accuracy", nullptr}}},
            {"store", {{"bits_per_value", bits + 1}}},
            {"optimum", {{"train_loss", nullptr}, {"objective", nullptr}}},
            {"data", {{"train_rows", 900}, {"test_rows", 100}}},
            {"reach", {{"0.01", nullptr}}}};
}

/// One run for each excess, at 1, 2, 3, ... bits.
DataRuns dataWith(const std::vector<double>& excess, const char* estimator = "double") {
    DataRuns data{"set", "Set", false, json::array()};
    for (std::size_t i = 0; i < excess.size(); ++i)
        data.runs.push_back(runWith(static_cast<int>(i) + 1, 1, 2 * (1 + excess[i]), 2, estimator));
    return data;
}

std::optional<Reading> readFrom(const char* quantity, const DataRuns& data,
                                const json& settings = json::object()) {
    return read(quantityFrom({quantity, settings}), data, {&data, 1});
}

json claimJson() {
    return {
        {"name", "n"}, {"paper", "p"}, {"say", "bits"}, {"value", {"bits_to_match:0.01", json::object()}}};
}

} // namespace

class ReadingTest : public QObject {
    Q_OBJECT
  private slots:
    void bitsToMatchAreTheFewestFromWhichOnAllMatch_data() {
        QTest::addColumn<QVector<double>>("excess");
        QTest::addColumn<double>("value");
        QTest::addColumn<int>("bound");
        QTest::newRow("plain") << QVector<double>{1, .1, .009, 0} << 3.0 << static_cast<int>(Bound::Exact);
        QTest::newRow("a lucky few bits do not count")
            << QVector<double>{.001, .1, .02, 0} << 4.0 << static_cast<int>(Bound::Exact);
        QTest::newRow("all") << QVector<double>{0, -.1, 0} << 1.0 << static_cast<int>(Bound::Exact);
        QTest::newRow("none") << QVector<double>{1, 1, .02} << 4.0 << static_cast<int>(Bound::AtLeast);
        QTest::newRow("diverged") << QVector<double>{HUGE_VAL, .001} << 2.0 << static_cast<int>(Bound::Exact);
    }
    void bitsToMatchAreTheFewestFromWhichOnAllMatch() {
        QFETCH(QVector<double>, excess);
        QFETCH(double, value);
        QFETCH(int, bound);
        const auto reading = readFrom("bits_to_match:0.01", dataWith({excess.begin(), excess.end()}));
        QVERIFY(reading);
        QCOMPARE(reading->value, value);
        QCOMPARE(static_cast<int>(reading->bound), bound);
    }

    void fewestMeasuredBitsAreAnUpperBound() {
        DataRuns data = dataWith({0, 0, 0});
        data.runs.erase(0); // 2 and 3 bits are left: 1 may do as well
        QVERIFY(readFrom("bits_to_match:0.01", data) == (Reading{2, Bound::AtMost}));
    }

    void seedsGiveTheirMedian() {
        DataRuns data{"set", "Set", false, json::array()};
        for (const auto& [seed, loss] :
             std::vector<std::pair<std::uint64_t, double>>{{1, 5}, {2, 2}, {3, 3}, {4, 9}})
            data.runs.push_back(runWith(3, seed, loss, 1));
        QVERIFY(readFrom("train_loss", data) == Reading{4});
        data.runs.erase(3);
        QVERIFY(readFrom("train_loss", data) == Reading{3});
        QVERIFY(readFrom("excess", data) == Reading{2});
        QVERIFY(readFrom("refetch_rate", data) == Reading{.25});
        QVERIFY(readFrom("bits_per_value", data) == Reading{4});
        QVERIFY(!readFrom("accuracy", data));
        QVERIFY(!readFrom("train_loss", data, {{"estimator", "naive"}}));
    }

    void gapIsAShareOfTheDescent() {
        DataRuns data{"set", "Set", false, json::array()};
        data.runs.push_back(runWith(3, 1, 11, 10)); // from 100 down to 10, and 1 is missing
        QVERIFY(std::abs(readFrom("gap", data)->value - 1.0 / 90) < 1e-12);
        QVERIFY(readFrom("bits_to_descend:0.012", data) == (Reading{3, Bound::AtMost}));
        QVERIFY(readFrom("bits_to_descend:0.011", data) == (Reading{4, Bound::AtLeast}));
    }

    /// Whatever a bound leaves open, the answer for every value that it allows is the same or there is none.
    void boundsNeverDecideTooMuch() {
        std::mt19937 random(7);
        std::uniform_int_distribution<int> whole(-3, 3);
        for (int trial = 0; trial < 2000; ++trial) {
            const double low = whole(random), high = low + std::abs(whole(random));
            const bool openLow = whole(random) > 1, openHigh = whole(random) > 1;
            const double from = openLow ? -HUGE_VAL : low, to = openHigh ? HUGE_VAL : high;
            const double value = whole(random);
            for (const auto bound : {Bound::AtLeast, Bound::AtMost}) {
                const auto answer = within({value, bound}, from, to);
                bool any = false, all = true;
                for (double step = 0; step <= 20; step += .25) {
                    const double possible = bound == Bound::AtLeast ? value + step : value - step;
                    const bool inside = possible >= from && possible <= to;
                    any = any || inside;
                    all = all && inside;
                }
                QCOMPARE(answer.has_value(), any == all);
                if (answer)
                    QCOMPARE(*answer, all);
            }
        }
    }

    void quotientsKeepWhatIsKnown() {
        const Reading exact{6}, atLeast{6, Bound::AtLeast}, atMost{2, Bound::AtMost};
        QVERIFY(quotient(exact, Reading{2}) == Reading{3});
        QVERIFY(quotient(atLeast, Reading{2}) == (Reading{3, Bound::AtLeast}));
        QVERIFY(quotient(exact, atMost) == (Reading{3, Bound::AtLeast}));
        QVERIFY(quotient(exact, atLeast) == (Reading{1, Bound::AtMost}));
        QVERIFY(quotient(atLeast, atMost) == (Reading{3, Bound::AtLeast}));
        QVERIFY(!quotient(atLeast, atLeast));
        QVERIFY(!quotient(exact, Reading{0}));
        QVERIFY(!quotient(exact, std::nullopt));
    }

    void verdictsCombineDataSets() {
        std::vector<DataRuns> all{dataWith({0, 0}), dataWith({1, 0})};
        all[1].name = all[1].title = "other";
        json object = claimJson();
        object["at_most"] = 1;
        QVERIFY(judge(claimFrom(object), all).holds == false);
        object["for"] = "any";
        const Verdict any = judge(claimFrom(object), all);
        QVERIFY(any.holds == true);
        QCOMPARE(QString::fromStdString(any.measured), QString("bits: Set 1; other 2"));
        object["data"] = {"other"};
        object["miss"] = "why";
        const Verdict miss = judge(claimFrom(object), all);
        QVERIFY(miss.holds == false);
        QCOMPARE(miss.note, std::string("why"));
        object["min_rows"] = 1001;
        QVERIFY(!judge(claimFrom(object), all).holds);
        all[1].generated = true;
        object["min_rows"] = 1000;
        QVERIFY(judge(claimFrom(object), all).holds.has_value());
        object["real"] = true;
        QVERIFY(!judge(claimFrom(object), all).holds);
    }

    void whatIsMisspeltIsRefused() {
        json object = claimJson();
        object["atmost"] = 1;
        QVERIFY_EXCEPTION_THROWN(claimFrom(object), InputError);
        object = claimJson();
        object["value"] = {"bits_to_match:much", json::object()};
        QVERIFY_EXCEPTION_THROWN(claimFrom(object), InputError);
        object["value"] = {"train_loss", {{"bit", 3}}};
        QVERIFY_EXCEPTION_THROWN(claimFrom(object), InputError);
        object["value"] = "train_loss";
        QVERIFY_EXCEPTION_THROWN(claimFrom(object), InputError);
    }
};

QTEST_GUILESS_MAIN(ReadingTest)
#include "reading_test.moc"
