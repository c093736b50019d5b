#include "core/base/file.h"
#include "core/study/sweep.h"

#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace zipml;
using nlohmann::json;

namespace {

RunSpec base() {
    RunSpec spec;
    spec.data.source = "synthetic:5x400";
    spec.sgd.epochs = 5;
    spec.biasDraws = 0;
    return spec;
}

std::vector<RunSpec> specs() {
    return expandSweep(base(),
                       {parseVariation("estimator=full,double,corrected"), parseVariation("bits=2,8")});
}

json runAll(Sweep& sweep, int jobs) {
    RunControl control;
    sweep.run(jobs, control, [](std::size_t) {});
    return sweep.toJson();
}

/// Without what is measured on a clock.
json timeless(json sweep) {
    for (json& run : sweep["runs"]) {
        run["initial"].erase("seconds");
        run.erase("peak_resident_bytes");
        run.erase("time");
        for (json& epoch : run["epochs"])
            epoch.erase("seconds");
    }
    return sweep;
}

} // namespace

class SweepTest : public QObject {
    Q_OBJECT
  private slots:
    void combinationsAreExpandedAndRepeatsDropped() {
        const auto all = specs();
        QCOMPARE(all.size(), 5U); // full precision has no bits
        QCOMPARE(all[1].estimator, EstimatorKind::Double);
        QCOMPARE(all[1].bits, 2);
        QCOMPARE(all[2].bits, 8);
        const auto odd = expandSweep(base(), {parseVariation("regularizer=none;elastic:0.1,0.2")});
        QCOMPARE(toString(odd[1].regularizer), std::string("elastic:0.1,0.2"));
        QCOMPARE(expandSweep(base(), {parseVariation("model-bits=4,32")}).size(), 2U);
        // Settings of other estimators do not make another run.
        for (const char* text : {"interval=4,8", "degree=3,5", "certificate=interval,sample"})
            QCOMPARE(expandSweep(base(), {parseVariation(text)}).size(), 1U);
        RunSpec logistic = base();
        logistic.loss = LossKind::Logistic;
        const std::vector both{parseVariation("estimator=polynomial,naive"), parseVariation("interval=4,8")};
        QCOMPARE(expandSweep(logistic, both).size(), 3U);
    }

    /// Full precision meets every arithmetic, whichever comes first; what cannot go is named.
    void whatARunDoesNotReadIsAsUsual() {
        const std::vector<Variation> variations{parseVariation("estimator=full,double-mean"),
                                                parseVariation("arithmetic=float,integer")};
        const auto specs = expandSweep(base(), variations);
        QCOMPARE(specs.size(), std::size_t{3});
        QCOMPARE(specs[0].estimator, EstimatorKind::Full);
        QCOMPARE(specs[0].arithmetic, Arithmetic::Auto);
        QCOMPARE(specs[2].arithmetic, Arithmetic::Integer);
        const auto reversed = expandSweep(base(), {variations[1], variations[0]});
        QCOMPARE(reversed.size(), std::size_t{3});
        try {
            expandSweep(base(), {parseVariation("bits=2,4"), parseVariation("batch=16,0")});
            QFAIL("a batch of 0 rows");
        } catch (const InputError& error) {
            QVERIFY2(std::string_view(error.what()).starts_with("vary: bits=2, batch=0 does not go: batch: "),
                     error.what());
        }
    }
    void nonsenseIsRefused() {
        for (const char* text : {"bits", "=3", "bits="})
            QVERIFY_EXCEPTION_THROWN(parseVariation(text), InputError);
        for (const char* text : {"bits=1,x", "bits=99", "speed=3", "estimator=magic", "intercept=maybe"})
            QVERIFY_EXCEPTION_THROWN(expandSweep(base(), {parseVariation(text)}), InputError);
    }

    void jobsDoNotChangeTheResult() {
        Sweep one(specs());
        Sweep two(specs());
        QVERIFY(timeless(runAll(one, 1)) == timeless(runAll(two, 2)));
    }

    void reachIsRelativeToFullPrecision() {
        Sweep sweep(specs());
        const json result = runAll(sweep, 1);
        QVERIFY(result["complete"].get<bool>());
        const double full = result["runs"][0]["final"]["train_loss"];
        for (const json& run : result["runs"]) {
            QCOMPARE(run["reference_loss"].get<double>(), full);
            const json& reach = run["reach"]["0.01"];
            const json& epochs = run["epochs"];
            if (reach.is_null()) {
                QVERIFY(epochs.back()["train_loss"].get<double>() > 1.01 * full);
                continue;
            }
            const auto at = reach["epoch"].get<std::size_t>();
            for (std::size_t e = at - 1; e < epochs.size(); ++e)
                QVERIFY(epochs[e]["train_loss"].get<double>() <= 1.01 * full);
            if (at > 1)
                QVERIFY(epochs[at - 2]["train_loss"].get<double>() > 1.01 * full);
            QCOMPARE(reach["bytes_moved"], epochs[at - 1]["bytes_moved"]);
        }
        QVERIFY(!result["runs"][0]["reach"]["0.01"].is_null());
        const QString csv = QString::fromStdString(sweep.toCsv());
        QCOMPARE(csv.count('\n'), 6);
        const auto columns = csv.section('\n', 0, 0).count(',');
        for (int line = 1; line < 6; ++line)
            QCOMPARE(csv.section('\n', line, line).count(','), columns);
    }

    // Fewer bits fit less and are regularized less: loss and regularizer alone would each mislead.
    void whatIsComparedIsWhatIsMinimised() {
        RunSpec ridge = base();
        ridge.regularizer = parseRegularizer("l2:0.5");
        Sweep sweep(
            expandSweep(ridge, {parseVariation("estimator=full,naive,double"), parseVariation("bits=2")}));
        const json result = runAll(sweep, 1);
        const double full = result["runs"][0]["final"]["objective"];
        const QStringList lines = QString::fromStdString(sweep.toCsv()).split('\n');
        const auto column = lines[0].split(',').indexOf("over_full_precision");
        for (std::size_t i = 0; i < result["runs"].size(); ++i) {
            const json& run = result["runs"][i];
            for (const json& state : {run["initial"], run["final"], run["optimum"]})
                QCOMPARE(state["objective"].get<double>(),
                         state["train_loss"].get<double>() + 2 * state["regularizer"].get<double>());
            const double objective = run["final"]["objective"];
            QVERIFY(objective >= run["optimum"]["objective"].get<double>() * (1 - 1e-9));
            QCOMPARE(run["reference_objective"].get<double>(), full);
            QCOMPARE(lines[static_cast<qsizetype>(i) + 1].split(',')[column].toDouble(),
                     objective / full - 1);
            for (const json& epoch : run["epochs"])
                if (const json& reach = run["reach"]["0.01"];
                    !reach.is_null() && reach["epoch"] <= epoch["epoch"])
                    QVERIFY(epoch["objective"].get<double>() <= 1.01 * full);
        }
    }

    // What an earlier version wrote has no objective; it gets one when it is taken over.
    void sweepsOfEarlierVersionsGetAnObjective() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "sweep.json";
        RunSpec ridge = base();
        ridge.regularizer = parseRegularizer("l2:0.5");
        const auto specs = expandSweep(ridge, {parseVariation("estimator=full,naive")});
        Sweep sweep(specs);
        const json whole = runAll(sweep, 1);
        json old = whole;
        for (json& run : old["runs"]) {
            for (const char* key : {"initial", "final", "optimum"})
                run[key].erase("objective");
            for (json& epoch : run["epochs"])
                epoch.erase("objective");
        }
        writeFileAtomically(file, old.dump());
        Sweep again(specs);
        QCOMPARE(again.resumeFrom(file), specs.size());
        QVERIFY(timeless(again.toJson()) == timeless(whole));
    }

    // Stopped after two runs, written, resumed: only the rest is run, and the result is the same.
    void aStoppedSweepGoesOn() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("sweep.json").toStdString();
        Sweep first(specs());
        RunControl control;
        first.run(1, control, [&](std::size_t done) {
            if (done == 2)
                control.stop();
        });
        QVERIFY(!first.toJson()["complete"].get<bool>());
        writeFileAtomically(file, first.toJson().dump());
        Sweep second(specs());
        QCOMPARE(second.resumeFrom(file), 2U);
        std::size_t ran = 0;
        RunControl again;
        second.run(2, again, [&](std::size_t) { ++ran; });
        QCOMPARE(ran, 3U);
        Sweep whole(specs());
        QVERIFY(timeless(second.toJson()) == timeless(runAll(whole, 1)));
    }

    // Results of two files, or of two programs, are never mixed: what a sweep goes on from is of the same bytes.
    void whatHasChangedSinceIsNotResumed_data() {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("said");
        for (const char* file : {"data", "test"})
            QTest::newRow(file) << file << QString("with other ") + file;
        QTest::newRow("version") << "version"
                                 << "by another version of the program";
        QTest::newRow("none") << "none"
                              << "does not say of which data";
        QTest::newRow("nothing") << "nothing"
                                 << "";
    }
    void whatHasChangedSinceIsNotResumed() {
        QFETCH(const QString, change);
        QFETCH(const QString, said);
        const QTemporaryDir folder;
        const auto path = [&](const char* name) { return folder.filePath(name).toStdString(); };
        const auto rows = [](int shift) {
            std::string text = "a,b,y\n";
            for (int r = 0; r < 60; ++r)
                text += std::to_string(r % 7) + "," + std::to_string(r * r % 11) + "," +
                        std::to_string(r % 7 * 3 + r % 5 + shift) + "\n";
            return text;
        };
        for (const char* name : {"data", "test"})
            writeFileAtomically(path(name), rows(0));
        RunSpec spec = base();
        spec.data.source = path("data");
        spec.data.test = path("test");
        const auto some = expandSweep(spec, {parseVariation("bits=2,3")});
        Sweep first(some);
        json written = runAll(first, 2);
        if (change == "version")
            written["runs"][1]["fingerprint"]["version"] = "0.1.0";
        else if (change == "none")
            written["runs"][1].erase("fingerprint");
        else if (change != "nothing")
            writeFileAtomically(path(qPrintable(change)), rows(1)); // as many bytes as before
        writeFileAtomically(path("sweep.json"), written.dump());
        Sweep second(expandSweep(spec, {parseVariation("bits=2,3,4")}));
        QString failure;
        std::size_t taken = 0;
        try {
            taken = second.resumeFrom(path("sweep.json"));
        } catch (const InputError& error) {
            failure = error.what();
        }
        QCOMPARE(taken, said.isEmpty() ? 2U : 0U);
        QVERIFY2(said.isEmpty() ? failure.isEmpty()
                                : failure.contains(said) && failure.contains("sweep.json"),
                 qPrintable(failure));
    }

    void dataThatChangesMeanwhileEndsTheSweep() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("data.csv").toStdString();
        writeFileAtomically(file, "a,y\n1,2\n2,3\n3,5\n4,4\n");
        RunSpec spec = base();
        spec.data.source = file;
        Sweep sweep(expandSweep(spec, {parseVariation("bits=2,3,4")}));
        RunControl control;
        QVERIFY_EXCEPTION_THROWN(sweep.run(1, control,
                                           [&](std::size_t done) {
                                               if (done == 1)
                                                   writeFileAtomically(file, "a,y\n1,2\n2,3\n3,6\n4,4\n");
                                           }),
                                 InputError);
        QCOMPARE(sweep.toJson()["runs"].size(), 1U); // of the file as it was
    }

    void aFileThatIsNoSweepIsRefused() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("other.json").toStdString();
        for (const char* text : {"{}", "[1]", "nonsense", R"({"kind": "zipml-sweep", "runs": 3})",
                                 R"({"kind": 5, "runs": []})", R"({"kind": "zipml-sweep"})"}) {
            writeFileAtomically(file, text);
            Sweep sweep(specs());
            QVERIFY_EXCEPTION_THROWN(sweep.resumeFrom(file), InputError);
        }
    }

    // A run that is damaged is run again; the others are kept.
    void aDamagedRunCostsNoOther_data() {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* place, const char* value, const char* said) {
            QTest::newRow(qPrintable(QString(place) + value)) << place << value << said;
        };
        row("", "null", "runs[1]: null is not an object");
        row("/spec", "null", "runs[1].spec: ");
        row("/spec/bits", "\"three\"", "runs[1].spec: bits: \"three\" is not");
        row("/status", "7", "runs[1].status: 7 is not a text");
        row("/status", "\"fine\"", "runs[1].status: ");
        row("/final", "[]", "runs[1].final: [] is not an object");
        row("/final/objective", "\"low\"", "runs[1].final.objective: \"low\" is not a number");
        row("/final/train_loss", "-5", "runs[1].final.train_loss: -5 is less than 0");
        row("/final/bytes_moved", "-1", "runs[1].final.bytes_moved: -1 is not");
        row("/epochs", "3", "runs[1].epochs: 3 is not a list");
        row("/epochs/2", "{}", "runs[1].epochs[2].train_loss: is missing");
        row("/epochs/2/epoch", "2.5", "runs[1].epochs[2].epoch: 2.5 is not a whole number");
        row("/store", "{}", "runs[1].store.bits_per_value: is missing");
        row("/data/warnings", "[1]", "runs[1].data.warnings[0]: 1 is not a text");
        row("/optimum", "1", "runs[1].optimum: 1 is not an object");
    }
    void aDamagedRunCostsNoOther() {
        QFETCH(QString, place);
        QFETCH(QString, value);
        QFETCH(QString, said);
        static const json whole = [] {
            Sweep sweep(specs());
            return runAll(sweep, 1);
        }();
        const QTemporaryDir folder;
        const auto file = folder.filePath("sweep.json").toStdString();
        json damaged = whole;
        damaged["runs"][1][json::json_pointer(place.toStdString())] = json::parse(value.toStdString());
        writeFileAtomically(file, damaged.dump());
        Sweep sweep(specs());
        QCOMPARE(sweep.resumeFrom(file), specs().size() - 1);
        QCOMPARE(sweep.notes().size(), 1U);
        const std::string wanted = file + ": " + said.toStdString();
        QVERIFY2(sweep.notes()[0].starts_with(wanted), sweep.notes()[0].c_str());
        QVERIFY(timeless(runAll(sweep, 1)) == timeless(whole));
    }

    void badDataEndsTheSweep() {
        RunSpec missing = base();
        missing.data.source = "/no/such/file";
        Sweep sweep({missing});
        RunControl control;
        QVERIFY_EXCEPTION_THROWN(sweep.run(2, control, [](std::size_t) {}), InputError);
    }
};

QTEST_APPLESS_MAIN(SweepTest)
#include "sweep_test.moc"
