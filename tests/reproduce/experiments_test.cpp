// The built-in experiments, and what every preset's runs have to do: go on where they were stopped, be
// repeatable, and name data that is not there.

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/fetch/catalogue.h"
#include "core/reproduce/data_sets.h"
#include "core/reproduce/digit_files.h"
#include "core/reproduce/reproduce.h"
#include "core/reproduce/sweep_experiment.h"
#include "core/reproduce/words.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <set>

using namespace zipml;
using nlohmann::json;

namespace {

/// Six runs of a fraction of a second.
constexpr const char* kTiny = R"({
  "title": "Tiny", "published": "p", "method": "m", "seconds": {"full": 1, "quick": 1},
  "data": ["synthetic-10"], "base": {"data": "synthetic:5x200", "epochs": 3, "bias_draws": 0}, "seeds": 2,
  "groups": [{"set": {"estimator": "full"}}, {"set": {"estimator": "double"}, "vary": {"bits": [3, 8]}}],
  "quick": {"seeds": 1, "only": {"bits": [8]}},
  "charts": [{"title": "T", "caption": "c", "x": "bits", "y": "excess", "x_label": "x", "y_label": "y",
              "lines": [{"name": "Double", "with": {"estimator": "double"}}]}],
  "columns": [{"name": "Loss", "value": ["train_loss", {"estimator": "full"}]}],
  "claims": [{"name": "c", "paper": "p", "say": "s", "value": ["train_loss", {"estimator": "full"}], "at_least": 0}]})";

std::filesystem::path pathOf(const QTemporaryDir& folder) {
    return folder.path().toStdString();
}

ReproduceOptions optionsFor(const QTemporaryDir& folder) {
    ReproduceOptions options;
    options.data = options.out = pathOf(folder);
    return options;
}

Outcome runIn(const QTemporaryDir& folder, const SweepExperiment& experiment, bool quick = false) {
    ReproduceOptions options = optionsFor(folder);
    options.quick = quick;
    RunControl control;
    Workplace place(options, control, {});
    return experiment.run(place);
}

/// What two runs with one seed have in common: all but the times and the memory.
void dropTimes(json& value) {
    if (value.is_object()) {
        value.erase("seconds");
        value.erase("peak_resident_bytes");
        value.erase("time");
    }
    if (value.is_structured())
        for (auto& part : value)
            dropTimes(part);
}

json recordsIn(const QTemporaryDir& folder) {
    json records = json::parse(readFile(pathOf(folder) / "records" / "tiny" / "synthetic-10.json"));
    dropTimes(records);
    return records;
}

/// What was published ends with it, in parentheses.
bool saysHowFarToTrust(const std::string& published) {
    const std::string last = published.substr(std::min(published.rfind('('), published.size()));
    return last.ends_with(')') && std::ranges::any_of(kTrustWords, [&](const TrustWord& each) {
               return last.find(each.word) != std::string::npos;
           });
}

} // namespace

class ExperimentsTest : public QObject {
    Q_OBJECT
  private slots:
    void builtInExperimentsAreWellFormed() {
        const Experiments all = allExperiments(); // parses every preset and every run of it
        std::set<std::string> names;
        for (const auto& experiment : all) {
            QVERIFY2(names.insert(experiment->name()).second, experiment->name().c_str());
            QVERIFY(!experiment->title().empty() && !experiment->published().empty() &&
                    !experiment->method().empty());
            for (const bool quick : {false, true})
                for (const auto& data : experiment->dataNames(quick))
                    (void)experimentData(data); // throws where it is none
        }
        std::set<std::string> claims;
        for (const auto& experiment : all)
            if (const auto* sweep = dynamic_cast<const SweepExperiment*>(experiment.get()))
                for (const auto& claim : sweep->claims()) {
                    QVERIFY2(claims.insert(claim.name).second, claim.name.c_str());
                    QVERIFY2(saysHowFarToTrust(claim.paper), claim.paper.c_str());
                }
        QVERIFY(claims.size() > 10);
        QCOMPARE(chosenExperiments(all, "all").size(), all.size());
        QCOMPARE(chosenExperiments(all, "levels").size(), std::size_t{1});
        QVERIFY_EXCEPTION_THROWN(chosenExperiments(all, "level"), InputError);
    }

    void expectedTimesKeepThePromises() {
        double quick = 0, full = 0;
        for (const auto& experiment : allExperiments()) {
            quick += experiment->expectedSeconds(true);
            full += experiment->expectedSeconds(false);
        }
        QVERIFY(quick < 300);
        QVERIFY(full < 3 * 3600);
    }

    void presetRunsAndJudges() {
        const QTemporaryDir folder;
        const SweepExperiment tiny(kTiny, "tiny");
        const Outcome full = runIn(folder, tiny);
        QVERIFY(full.complete);
        QCOMPARE(recordsIn(folder)["runs"].size(), std::size_t{6});
        QVERIFY(std::filesystem::exists(pathOf(folder) / "records" / "tiny" / "synthetic-10.csv"));
        QCOMPARE(full.charts.size(), std::size_t{1});
        QCOMPARE(full.charts[0].lines[0].x, (std::vector<double>{3, 8}));
        QCOMPARE(full.tables[0].rows.size(), std::size_t{1});
        QVERIFY(full.claims.at(0).holds == true);
        QVERIFY(full.notes.empty());
        const Outcome quick = runIn(folder, tiny, true);
        QCOMPARE(recordsIn(folder)["runs"].size(), std::size_t{2});
        QVERIFY(quick.notes.at(0).find("Quick settings") == 0); // nothing shrinks without a word
    }

    void equalSeedsGiveEqualRecords() {
        const QTemporaryDir one, two, other;
        const SweepExperiment tiny(kTiny, "tiny");
        runIn(one, tiny);
        ReproduceOptions options = optionsFor(two);
        options.jobs = 1; // nor does it matter how many run at a time
        RunControl control;
        Workplace place(options, control, {});
        tiny.run(place);
        QVERIFY(recordsIn(one) == recordsIn(two));
        ReproduceOptions third = optionsFor(other);
        third.seed = 7;
        Workplace elsewhere(third, control, {});
        tiny.run(elsewhere);
        QVERIFY(recordsIn(one) != recordsIn(other));
    }

    void resumedEqualsUninterrupted() {
        const QTemporaryDir whole, parts;
        const SweepExperiment tiny(kTiny, "tiny");
        runIn(whole, tiny);
        RunControl control;
        const ReproduceOptions options = optionsFor(parts);
        int reports = 0;
        Workplace place(options, control, [&](double, std::string_view) {
            if (++reports == 3) // two runs are done
                control.stop();
        });
        const Outcome stopped = tiny.run(place);
        QVERIFY(!stopped.complete);
        QVERIFY(!stopped.claims.at(0).holds); // though what has run would bear it out
        const std::size_t done = recordsIn(parts)["runs"].size();
        QVERIFY(done >= 2 && done < 6);
        const json before = recordsIn(parts)["runs"];
        QVERIFY(runIn(parts, tiny).complete);
        QVERIFY(recordsIn(parts) == recordsIn(whole));
        for (const json& run : before)
            QVERIFY(std::ranges::any_of(recordsIn(parts)["runs"],
                                        [&](const json& now) { return now["spec"] == run["spec"]; }));
    }

    void measurementsAreKeptForEqualInputs() {
        const QTemporaryDir folder;
        RunControl control;
        const ReproduceOptions options = optionsFor(folder);
        Workplace place(options, control, {});
        int calls = 0;
        const auto measure = [&] { return json{{{"a", ++calls}, {"b", "x,y"}}}; };
        QCOMPARE(place.measured("e", "m", {{"n", 1}}, measure)[0]["a"], json(1));
        QCOMPARE(place.measured("e", "m", {{"n", 1}}, measure)[0]["a"], json(1));
        QVERIFY(place.notes().empty());
        QCOMPARE(place.measured("e", "m", {{"n", 2}}, measure)[0]["a"], json(2));
        QCOMPARE(place.notes().size(), 1U); // that it was of other inputs
        QCOMPARE(readFile(pathOf(folder) / "records/e/m.csv"), std::string("a,b\n2,x;y\n"));
        writeFileAtomically(pathOf(folder) / "records/e/m.json", "{ damaged");
        QCOMPARE(place.measured("e", "m", {{"n", 2}}, measure)[0]["a"], json(3));
        // A number that was edited, and another form, which what reads the rows would fail on.
        for (const char* rows : {R"([{"a": 4, "b": "x,y"}])", R"([{"a": "three", "b": 1}])", "[3]", "{}"}) {
            json record = json::parse(readFile(pathOf(folder) / "records/e/m.json"));
            QCOMPARE(place.measured("e", "m", {{"n", 2}}, measure), record["rows"]);
            record["rows"] = json::parse(rows);
            writeFileAtomically(pathOf(folder) / "records/e/m.json", record.dump());
            const json again = place.measured("e", "m", {{"n", 2}}, measure);
            QCOMPARE(again[0]["a"], json(calls));
        }
        QCOMPARE(calls, 7);
    }

    void damagedRecordsAreMadeAgain() {
        const QTemporaryDir folder;
        const SweepExperiment tiny(kTiny, "tiny");
        runIn(folder, tiny);
        const json whole = recordsIn(folder);
        const auto file = pathOf(folder) / "records" / "tiny" / "synthetic-10.json";
        for (const std::string& text :
             {std::string("{\"kind\": "), std::string("[]"), std::string(), readFile(file).substr(0, 900)}) {
            writeFileAtomically(file, text);
            const Outcome outcome = runIn(folder, tiny);
            QVERIFY(outcome.complete);
            QVERIFY(outcome.claims.at(0).holds.has_value());
            QCOMPARE(outcome.notes.size(), std::size_t{1});
            QVERIFY(outcome.notes[0].starts_with(file.string()));
            QVERIFY(recordsIn(folder) == whole);
        }
    }

    void missingDataIsNamed() {
        const QTemporaryDir folder;
        for (const auto& set : experimentData()) {
            const auto found = locate(set, pathOf(folder), pathOf(folder));
            QCOMPARE(found.has_value(), set.generated);
            if (set.generated)
                continue;
            QVERIFY2(set.where.find("http") != std::string::npos, set.name.c_str());
            const std::string text = missingText(set, pathOf(folder));
            QVERIFY(text.starts_with(set.title) && text.find(set.where) != std::string::npos);
        }
    }

    // What `zipml fetch` brings has other names than the packed files that the experiments were made with.
    void otherFormsOfASetAreFound() {
        const QTemporaryDir folder;
        const auto& set = experimentData("cod-rna");
        writeFileAtomically(pathOf(folder) / "cod-rna", "1 1:1\n");
        QVERIFY(!isHere(set, pathOf(folder))); // its test part is missing
        writeFileAtomically(pathOf(folder) / "cod-rna.t", "1 1:1\n");
        QVERIFY(isHere(set, pathOf(folder)));
        QCOMPARE((*locate(set, pathOf(folder), pathOf(folder)))["data"],
                 json((pathOf(folder) / "cod-rna").string()));
        for (const auto& each : experimentData()) {
            if (each.fetch.empty())
                continue;
            const auto& entry = findEntry(builtInCatalogue(), each.fetch); // throws where there is none
            const QTemporaryDir fetched;
            for (const auto& file : filesOf(entry)) {
                std::filesystem::create_directories((pathOf(fetched) / file.file).parent_path());
                writeFileAtomically(pathOf(fetched) / file.file, "x");
            }
            QVERIFY2(isHere(each, pathOf(fetched)), each.name.c_str());
        }
    }

    void experimentsNeedingMissingDataAreSkipped() {
        const QTemporaryDir folder;
        json preset = json::parse(kTiny);
        preset["base"].erase("data");
        preset["data"] = {"cadata"};
        const Outcome outcome = runIn(folder, SweepExperiment(preset.dump(), "tiny"));
        QCOMPARE(outcome.skipped.size(), std::size_t{1});
        QVERIFY(outcome.skipped[0].find("cadata") != std::string::npos);
        QVERIFY(!outcome.claims.at(0).holds);
    }

    void presetsThatAreWrongSayWhere_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("unknown key") << "clams"
                                     << "[]";
        QTest::newRow("unknown set") << "data"
                                     << R"(["no-such-set"])";
        QTest::newRow("bad setting") << "base"
                                     << R"({"bits": 99})";
        QTest::newRow("uneven") << "groups"
                                << R"([{"together": {"bits": [1, 2], "model_bits": [1]}}])";
    }
    void presetsThatAreWrongSayWhere() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        json preset = json::parse(kTiny);
        preset[key.toStdString()] = json::parse(value.toStdString());
        try {
            const SweepExperiment wrong(preset.dump(), "tiny");
            QFAIL("it was taken");
        } catch (const InputError& error) {
            QVERIFY2(QString(error.what()).startsWith("tiny: "), error.what());
        }
    }

    void failureOfOneDoesNotEndTheOthers() {
        class Failing final : public Experiment {
          public:
            [[nodiscard]] std::string name() const override { return "failing"; }
            [[nodiscard]] std::string title() const override { return "t"; }
            [[nodiscard]] std::string published() const override { return "p"; }
            [[nodiscard]] std::string method() const override { return "m"; }
            [[nodiscard]] double expectedSeconds(bool) const override { return 1; }
            Outcome run(Workplace&) const override { throw RunError("broken"); }
        };
        const QTemporaryDir folder;
        const Failing failing;
        const SweepExperiment tiny(kTiny, "tiny");
        const Experiment* const both[] = {&failing, &tiny};
        RunControl control;
        double last = -1;
        ReproduceObserver observer;
        observer.onProgress = [&](double share, std::string_view, double left) {
            last = std::max(last, share);
            QVERIFY(left >= 0 && std::isfinite(left));
        };
        const ReproduceResult result = reproduce(both, optionsFor(folder), control, observer);
        QCOMPARE(result.experiments.size(), std::size_t{2});
        QCOMPARE(result.experiments[0].failure, std::string("broken"));
        QVERIFY(result.experiments[1].outcome.complete);
        QVERIFY(last > .5 && last <= 1);
        const json object = toJson(result);
        QCOMPARE(object["complete"], json(false));
        QCOMPARE(object["claims"][0]["holds"], json(true));
    }

    // A report is about all that its folder has, and a folder has records of one kind.
    void foldersKeepWhatEarlierCallsRecorded() {
        const QTemporaryDir folder;
        Experiments all;
        all.push_back(std::make_unique<SweepExperiment>(kTiny, "first"));
        all.push_back(std::make_unique<SweepExperiment>(kTiny, "second"));
        all.push_back(std::make_unique<SweepExperiment>(kTiny, "third"));
        const auto call = [&](const char* name, ReproduceOptions options) {
            RunControl control;
            return reproduce(chosenExperiments(all, name), options, control, {});
        };
        const ReproduceOptions options = optionsFor(folder);
        call("third", options);
        ReproduceResult result = call("first", options);
        QCOMPARE(result.experiments.size(), std::size_t{1});
        addRecorded(result, all);
        QCOMPARE(result.experiments.size(), std::size_t{2});
        QCOMPARE(result.experiments[0].name, std::string("first"));
        QCOMPARE(result.experiments[1].name, std::string("third"));
        QVERIFY(result.experiments[1].outcome.complete);
        ReproduceOptions quick = options, seed = options;
        quick.quick = true;
        seed.seed = 2;
        QVERIFY_EXCEPTION_THROWN(call("third", quick), InputError);
        QVERIFY_EXCEPTION_THROWN(call("third", seed), InputError);
    }

    void digitsAreCutOut() {
        const QTemporaryDir folder;
        const auto write = [&](const char* name, std::initializer_list<int> bytes) {
            std::string text;
            for (const int byte : bytes)
                text += static_cast<char>(byte);
            writeFileAtomically(pathOf(folder) / name, text);
        };
        for (const std::string part : {"train", "t10k"}) {
            write((part + "-images-idx3-ubyte").c_str(),
                  {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 7, 0, 1, 2, 0, 255});
            write((part + "-labels-idx1-ubyte").c_str(), {0, 0, 8, 1, 0, 0, 0, 3, 4, 5, 9});
        }
        const DigitSets sets = cutDigits(pathOf(folder), 4, 9, pathOf(folder) / "cut");
        QCOMPARE(readFile(sets.train), std::string("-1 1:7 2:0\n1 2:255\n"));
        QCOMPARE(readFile(sets.test), readFile(sets.train));
        write("t10k-labels-idx1-ubyte", {0, 0, 8, 1, 0, 0, 0, 3, 4, 5});
        QVERIFY_EXCEPTION_THROWN(cutDigits(pathOf(folder), 4, 9, pathOf(folder) / "again"), InputError);
    }
};

QTEST_GUILESS_MAIN(ExperimentsTest)
#include "experiments_test.moc"
