// Names of runs, and what runs differ in.

#include "core/compare/run_groups.h"
#include "core/compare/run_names.h"
#include "tests/support/time_scale.h"

#include <QtTest>

#include <cmath>
#include <deque>
#include <set>

using namespace zipml;

namespace {

/// Runs that are started one after the other, each named beside those before.
class Started {
  public:
    QString start(const RunSpec& spec) {
        std::vector<NamedRun> others;
        for (std::size_t i = 0; i < specs_.size(); ++i)
            others.push_back({&known_[i].valuesOf(specs_[i]), known_[i].nameOf(specs_[i]), names_[i]});
        names_.push_back(nameAmong(spec, others));
        specs_.push_back(spec);
        known_.emplace_back();
        return QString::fromStdString(names_.back());
    }
    void remove(std::size_t index) {
        names_.erase(names_.begin() + static_cast<std::ptrdiff_t>(index));
        specs_.erase(specs_.begin() + static_cast<std::ptrdiff_t>(index));
        known_.erase(known_.begin() + static_cast<std::ptrdiff_t>(index));
    }
    [[nodiscard]] bool unique() const {
        return std::set(names_.begin(), names_.end()).size() == names_.size();
    }

  private:
    std::deque<RunSpec> specs_;
    std::deque<std::string> names_;
    std::deque<KnownSettings> known_;
};

RunFacts factsWith(const RunSpec& spec) {
    RunFacts facts;
    facts.settings = settingsOf(spec);
    return facts;
}

} // namespace

class RunNamesTest : public QObject {
    Q_OBJECT
  private slots:
    void sayWhatDiffers() {
        Started runs;
        RunSpec spec;
        QCOMPARE(runs.start(spec), "Double sampling, 3 bits");
        spec.sgd.step = 0.001;
        QCOMPARE(runs.start(spec), "Double sampling, 3 bits, step 0.001");
        spec.seed = 2;
        QCOMPARE(runs.start(spec), "Double sampling, 3 bits, step 0.001, seed 2");
        spec.sgd.step.reset();
        QCOMPARE(runs.start(spec), "Double sampling, 3 bits, step auto, seed 2");
        spec.bits = 4; // has the name to itself
        QCOMPARE(runs.start(spec), "Double sampling, 4 bits");
        spec.intercept = false;
        spec.data.source = "/data/a9a";
        QCOMPARE(runs.start(spec), "Double sampling, 4 bits, on a9a, no intercept");
        QVERIFY(runs.unique());
    }

    void aRunThatRepeatsAnotherSaysSo() {
        Started runs;
        const RunSpec spec;
        QCOMPARE(runs.start(spec), "Double sampling, 3 bits");
        QCOMPARE(runs.start(spec), "Double sampling, 3 bits, repeat 1");
        QCOMPARE(runs.start(spec), "Double sampling, 3 bits, repeat 2");
        RunSpec full = spec;
        full.estimator = EstimatorKind::Full;
        QCOMPARE(runs.start(full), "Full precision");
        full.bits = 8; // which full precision does not read
        QCOMPARE(runs.start(full), "Full precision, repeat 1");
    }

    // The first one, which said nothing of its step, is gone; the others still differ from the next.
    void namesThatAreLeftCountToo() {
        Started runs;
        RunSpec spec;
        runs.start(spec);
        spec.sgd.step = 0.001;
        runs.start(spec);
        runs.remove(0);
        spec.seed = 7;
        QCOMPARE(runs.start(spec), "Double sampling, 3 bits, seed 7");
        QVERIFY(runs.unique());
    }

    void ownNamesAreKept() {
        Started runs;
        RunSpec spec;
        spec.name = "Baseline";
        QCOMPARE(runs.start(spec), "Baseline");
        spec.bits = 5;
        QCOMPARE(runs.start(spec), "Baseline, 5 bits");
    }

    void anyTwoRunsDifferInName() {
        Started runs;
        for (const int bits : {1, 2, 3})
            for (const std::uint64_t seed : {1U, 2U})
                for (const int batch : {16, 64})
                    for (const bool intercept : {true, false}) {
                        RunSpec spec;
                        spec.bits = bits;
                        spec.seed = seed;
                        spec.sgd.batch = static_cast<std::uint32_t>(batch);
                        spec.intercept = intercept;
                        const QString name = runs.start(spec);
                        QVERIFY2(!name.contains('(') && !name.contains("repeat"), qPrintable(name));
                    }
        QVERIFY(runs.unique());
    }

    // A run that repeats a thousand others, and one that is unlike each of them.
    void besideAThousandItIsQuick() {
        Started runs;
        RunSpec spec;
        for (int i = 0; i < 1000; ++i) {
            spec.seed = static_cast<std::uint64_t>(i % 2 == 0 ? 7 : 1000 + i);
            runs.start(spec);
        }
        QVERIFY(runs.unique());
        spec.seed = 7;
        QElapsedTimer watch;
        watch.start();
        const QString name = runs.start(spec);
        const double cost = static_cast<double>(watch.nsecsElapsed()) / 1e6;
        qInfo("a name beside 1,000 runs: %.2f ms", cost);
        QCOMPARE(name, "Double sampling, 3 bits, seed 7, repeat 499");
        QVERIFY2(cost < 50 * test::timeScale(), qPrintable(QString::number(cost)));
    }

    // What is known of a run is of its settings as they are now.
    void whatIsKnownFollowsTheSettings() {
        RunSpec spec;
        const KnownSettings known;
        QCOMPARE(known.valuesOf(spec)[settingIndex("bits")].text, "3");
        const auto* values = known.valuesOf(spec).data();
        QCOMPARE(known.valuesOf(spec).data(), values);
        spec.bits = 4;
        QCOMPARE(known.valuesOf(spec)[settingIndex("bits")].text, "4");
        QCOMPARE(known.nameOf(spec), "Double sampling, 4 bits");
    }

    void phrases() {
        const auto phrase = [](const char* key, const char* text) {
            RunSpec spec;
            const auto object = nlohmann::json{{key, specValue(specKey(key), text)}};
            return QString::fromStdString(
                phraseOf(specKey(key), settingsOf(uncheckedSpecFromJson(object))[settingIndex(key)]));
        };
        QCOMPARE(phrase("bits", "1"), "1 bit");
        QCOMPARE(phrase("bits", "32"), "not rounded");
        QCOMPARE(phrase("model_bits", "8"), "model 8 bits");
        QCOMPARE(phrase("model_bits", "32"), "model not rounded");
        QCOMPARE(phrase("epochs", "50"), "50 epochs");
        QCOMPARE(phrase("step", "2^-3"), "step 0.125");
        QCOMPARE(phrase("early_stop", "5"), "early stop 5");
        QCOMPARE(phrase("shared_grid", "true"), "shared grid");
        QCOMPARE(phrase("regularizer", "l2:0.1"), "regularizer l2:0.1");
        QCOMPARE(phrase("test", ""), "no test file");
    }

    void onlyWhatDiffersIsAColumn() {
        RunSpec one, other;
        other.bits = 5;
        other.sgd.step = 0.1;
        other.name = "a name is no setting";
        RunSpec full = one;
        full.estimator = EstimatorKind::Full;
        full.copies = 4; // which it does not read
        const auto a = settingsOf(one), b = settingsOf(other), c = settingsOf(full);
        const auto keysOf = [](std::initializer_list<const std::vector<SettingValue>*> runs) {
            QStringList keys;
            const std::vector all(runs);
            for (const std::size_t key : differingSettings(all))
                keys << QString::fromStdString(std::string(specKeys()[key].name));
            return keys.join(' ');
        };
        QCOMPARE(keysOf({}), "");
        QCOMPARE(keysOf({&a}), "");
        QCOMPARE(keysOf({&a, &a}), "");
        QCOMPARE(keysOf({&a, &b}), "bits step");
        QCOMPARE(keysOf({&a, &c}), "estimator bits");
    }

    void seedsAreTakenTogether() {
        std::vector<RunFacts> runs;
        for (const int bits : {3, 4})
            for (const std::uint64_t seed : {1U, 2U, 3U}) {
                RunSpec spec;
                spec.bits = bits;
                spec.seed = seed;
                spec.threads = static_cast<int>(seed); // never changes a result
                runs.push_back(factsWith(spec));
            }
        std::vector<const RunFacts*> all;
        for (const std::size_t i : {0U, 3U, 1U, 4U, 2U, 5U}) // as they come
            all.push_back(&runs[i]);
        using Groups = std::vector<std::vector<std::size_t>>;
        QCOMPARE(groupsOf(all, {Grouping::Kind::Alike}), (Groups{{0, 2, 4}, {1, 3, 5}}));
        QCOMPARE(groupsOf(all, {Grouping::Kind::Setting, settingIndex("seed")}),
                 (Groups{{0, 1}, {2, 3}, {4, 5}}));
        QCOMPARE(groupsOf(all, {}).size(), 6U);
        QVERIFY(groupsOf({}, {Grouping::Kind::Alike}).empty());
    }

    void meanAndDeviation() {
        using Numbers = std::vector<std::optional<double>>;
        const auto spread = spreadOf(Numbers{1.0, 2.0, 6.0});
        QCOMPARE(spread->mean, 3.0);
        QCOMPARE(*spread->deviation, std::sqrt(7.0)); // (4 + 1 + 9) / 2
        QVERIFY(!spreadOf(Numbers{5.0})->deviation);
        QVERIFY(!spreadOf(Numbers{1.0, std::nullopt}));
        QVERIFY(!spreadOf(Numbers{}));
        const auto diverged = spreadOf(Numbers{1.0, INFINITY});
        QVERIFY(std::isinf(diverged->mean) && !diverged->deviation);
    }
};

QTEST_GUILESS_MAIN(RunNamesTest)
#include "run_names_test.moc"
