#include "core/base/file.h"
#include "core/document/session.h"
#include "core/lab/run.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace zipml;
using nlohmann::json;

namespace {

SessionRun runOf(int id, const RunSpec& spec) {
    RunObserver nobody;
    RunControl control;
    const auto record = runExperiment(spec, nobody, control);
    return {id,
            "run \"" + std::to_string(id) + "\" ü",
            id != 1,
            spec,
            "a message",
            false,
            record.setup,
            record.initial,
            record.epochs,
            {},
            record.status,
            record.model,
            record.confusion,
            record.peakResidentBytes};
}

/// Runs of several kinds, one of them unfinished, one that never began, numbers that are not finite.
const Session& rich() {
    static const Session session = [] {
        Session made;
        made.settings.data.source = "synthetic:17x90";
        made.settings.bits = 5;
        made.settings.sgd.step = 0.1;
        made.settings.regularizer = parseRegularizer("elastic:0.1,0.3");
        made.view = {{"x_axis", "seconds"}, {"selected", 1}};
        RunSpec spec;
        spec.data.source = "synthetic:4x64";
        spec.sgd.epochs = 25;
        made.runs.push_back(runOf(0, spec));
        spec.estimator = EstimatorKind::Full;
        spec.biasDraws = 0;
        made.runs.push_back(runOf(1, spec));
        made.runs.push_back(made.runs[0]);
        made.runs[2].id = 7;
        made.runs[2].status.reset();
        made.runs[2].model = {};
        made.runs[2].epochs[3].trainLoss = std::numeric_limits<double>::quiet_NaN();
        made.runs[2].confusion = {{3, 0}, {1, 2}};
        made.runs[2].steps = {made.runs[2].epochs[0], made.runs[2].epochs[0]};
        made.runs[2].steps[0].within = 0.25;
        made.runs[2].steps[1].within = 0.5;
        made.runs[2].steps[1].estimator = EstimatorKind::Naive;
        made.runs[2].epochs[4].biasNorm = -std::numeric_limits<double>::infinity();
        made.runs.push_back(
            {8, "never began", true, spec, "no such file", true, {}, {}, {}, {}, {}, {}, {}, 0});
        spec.sgd.step = 1e6;
        made.runs.push_back(runOf(9, spec));
        made.runs[4].model.parameters.weights[2] = std::numeric_limits<double>::quiet_NaN();
        return made;
    }();
    return session;
}

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

bool same(const std::optional<double>& a, const std::optional<double>& b) {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

bool same(const EpochRecord& a, const EpochRecord& b) {
    return a.epoch == b.epoch && a.within == b.within && a.estimator == b.estimator && a.bits == b.bits &&
           same(a.trainLoss, b.trainLoss) && same(a.regularizer, b.regularizer) &&
           same(a.testLoss, b.testLoss) && same(a.trainAccuracy, b.trainAccuracy) &&
           same(a.testAccuracy, b.testAccuracy) && same(a.biasNorm, b.biasNorm) &&
           same(a.biasStandardError, b.biasStandardError) && same(a.predictedBiasNorm, b.predictedBiasNorm) &&
           same(a.variance, b.variance) && same(a.predictedVariance, b.predictedVariance) &&
           same(a.varianceBound, b.varianceBound) && same(a.distanceToOptimum, b.distanceToOptimum) &&
           same(a.step, b.step) && a.bytesMoved == b.bytesMoved && a.sampleBytesMoved == b.sampleBytesMoved &&
           same(a.seconds, b.seconds);
}

bool same(const RunSetup& a, const RunSetup& b) {
    return a.dataName == b.dataName && a.task == b.task && a.trainRows == b.trainRows &&
           a.testRows == b.testRows && a.features == b.features && same(a.step, b.step) &&
           a.storeBytes == b.storeBytes && same(a.bitsPerValue, b.bitsPerValue) &&
           a.codebookBytes == b.codebookBytes && same(a.meanVariance, b.meanVariance) &&
           same(a.exactMeanVariance, b.exactMeanVariance) && a.levels == b.levels &&
           a.fewestLevels == b.fewestLevels && same(a.levelsUsed, b.levelsUsed) &&
           same(a.optimumLoss, b.optimumLoss) && same(a.optimumRegularizer, b.optimumRegularizer) &&
           same(a.optimumCertificate, b.optimumCertificate) && a.kernels == b.kernels &&
           a.arithmetic == b.arithmetic && a.arithmeticWhy == b.arithmeticWhy &&
           a.optimumNote == b.optimumNote && a.lossNote == b.lossNote && a.stepNote == b.stepNote &&
           a.notes == b.notes;
}

bool same(const LinearModel& a, const LinearModel& b) {
    const auto& x = a.parameters.weights;
    const auto& y = b.parameters.weights;
    bool equal = x.size() == y.size() && same(a.parameters.intercept, b.parameters.intercept);
    for (Eigen::Index f = 0; equal && f < x.size(); ++f)
        equal = same(x[f], y[f]);
    return equal && a.scaling.kind == b.scaling.kind && a.scaling.offset == b.scaling.offset &&
           a.scaling.factor == b.scaling.factor && a.task == b.task && a.classLabels == b.classLabels &&
           a.featureNames == b.featureNames && a.spec == b.spec;
}

void compare(const Session& read, const Session& written) {
    QVERIFY(read.settings == written.settings);
    QVERIFY(read.view == written.view);
    QCOMPARE(read.runs.size(), written.runs.size());
    for (std::size_t r = 0; r < written.runs.size(); ++r) {
        const auto &a = read.runs[r], &b = written.runs[r];
        QCOMPARE(a.id, b.id);
        QCOMPARE(a.name, b.name);
        QCOMPARE(a.visible, b.visible);
        QVERIFY(a.spec == b.spec);
        QCOMPARE(a.message, b.message);
        QCOMPARE(a.failed, b.failed);
        QVERIFY(a.setup.has_value() == b.setup.has_value() && (!a.setup || same(*a.setup, *b.setup)));
        QVERIFY(a.initial.has_value() == b.initial.has_value() &&
                (!a.initial || same(*a.initial, *b.initial)));
        const auto equal = [](const auto& x, const auto& y) { return same(x, y); };
        QVERIFY(std::ranges::equal(a.epochs, b.epochs, equal));
        QVERIFY(std::ranges::equal(a.steps, b.steps, equal));
        QVERIFY(a.confusion == b.confusion);
        QVERIFY(a.status == b.status);
        QVERIFY(!a.status || same(a.model, b.model));
        QCOMPARE(a.peakResidentBytes, b.peakResidentBytes);
    }
}

/// The message for `text` as a session; "" when it opens. One line, and about the file.
QString messageFor(const std::string& text) {
    try {
        parseSession(text, "s.zipml");
        return {};
    } catch (const InputError& error) {
        const QString message = error.what();
        return message.startsWith("s.zipml: ") && !message.contains('\n') ? message : "bad form: " + message;
    }
}

} // namespace

class SessionTest : public QObject {
    Q_OBJECT
  private slots:
    void roundTrip() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("s.zipml").toStdString();
        writeSession(rich(), file);
        const auto opened = readSession(file);
        QVERIFY(!opened.edited);
        compare(opened.session, rich());
        QCOMPARE(sessionText(opened.session), sessionText(rich()));
        compare(parseSession(sessionText({}), "empty").session, {});
    }

    void truncatedFilesAreRefused() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("s.zipml").toStdString();
        const std::string whole = sessionText(rich());
        for (std::size_t part = 0; part < 20; ++part) {
            const std::string text = whole.substr(0, whole.size() * part / 20);
            const QString message = messageFor(text);
            QVERIFY2(message.contains("cut short"), qPrintable(message));
            writeFileAtomically(file, text);
            QVERIFY_EXCEPTION_THROWN(readSession(file), InputError);
            QVERIFY(readFile(file) == text);
        }
    }

    void newerVersionsAreRefused() {
        json file = json::parse(sessionText(rich()));
        for (const char* version : {"2", "4294967297", "18446744073709551615"}) {
            file["version"] = json::parse(version);
            file["content"] = "in a way that this program does not know";
            const QString message = messageFor(file.dump());
            QVERIFY2(message.contains("newer") && message.contains("update"), qPrintable(message));
        }
    }

    void otherFilesAreRefused() {
        for (const char* text :
             {"", "{}", "[]", "null", "1", "label,x\n1,2\n", "\x1f\x8b junk",
              R"({"kind": "zipml-linear-model", "version": 1})", R"({"kind": "zipml-session"})",
              R"({"kind": "zipml-session", "version": 1})"}) {
            const QString message = messageFor(text);
            QVERIFY2(message.startsWith("s.zipml: "), qPrintable(message));
        }
    }

    void editsThatCannotBeAreRefused_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        const auto add = [](const char* path, const char* value, const char* says) {
            QTest::newRow(path) << path << value << says;
        };
        add("/settings/bits", "40", "bits");
        add("/settings/estimator", "\"best\"", "estimator");
        add("/settings/unknown", "1", "unknown");
        add("/view", "3", "view");
        add("/runs", "{}", "runs");
        add("/runs/0/id", "-1", "run 1: id");
        add("/runs/1/id", "0", "run 2: id");
        add("/runs/1/name", "null", "run 2: name");
        add("/runs/1/confusion", "[[1,2],[3]]", "run 2: confusion");
        add("/runs/2/steps/within/1", "0.1", "run 3: steps: epoch");
        add("/runs/0/visible", "1", "run 1: visible");
        add("/runs/0/spec/epochs", "\"many\"", "run 1: spec: epochs");
        add("/runs/0/epochs/train_loss/3", "\"low\"", "run 1: epochs: train_loss");
        add("/runs/0/epochs/train_loss/4", "null", "run 1: epochs: train_loss");
        add("/runs/0/epochs/epoch/3", "1", "run 1: epochs: epoch");
        add("/runs/0/epochs/epoch", "[1,2]", "run 1: epochs");
        add("/runs/0/epochs", "[]", "run 1: epochs");
        add("/runs/0/setup/train_rows", "-5", "run 1: setup: train_rows");
        add("/runs/0/setup/task", "\"guess\"", "run 1: setup: task");
        add("/runs/0/setup", "null", "run 1: setup");
        add("/runs/0/status", "\"perfect\"", "run 1: status");
        add("/runs/0/model/weights", "[1]", "run 1: model");
        add("/runs/0/model/weights/0", "\"heavy\"", "run 1: model");
        add("/runs/0/model", "null", "run 1: model");
    }
    void editsThatCannotBeAreRefused() {
        QFETCH(QString, path);
        QFETCH(QString, value);
        QFETCH(QString, says);
        json file = json::parse(sessionText(rich()));
        file["content"][json::json_pointer(path.toStdString())] = json::parse(value.toStdString());
        const QString message = messageFor(file.dump());
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void missingPartsAreRefused() {
        const json whole = json::parse(sessionText(rich()));
        for (const char* key : {"settings", "view", "runs"}) {
            json file = whole;
            file["content"].erase(key);
            QVERIFY(!messageFor(file.dump()).isEmpty());
        }
        for (const auto& [key, value] : whole["content"]["runs"][0].items()) {
            json file = whole;
            file["content"]["runs"][0].erase(key);
            if (key == "steps" || key == "confusion" ||
                key == "group") { // as the first sessions were written
                QCOMPARE(messageFor(file.dump()), QString());
                continue;
            }
            QVERIFY2(messageFor(file.dump()).contains(QString::fromStdString(key)), key.c_str());
        }
    }

    void soundEditsAreNoticed() {
        json file = json::parse(sessionText(rich()));
        QVERIFY(!parseSession(file.dump(4), "reformatted").edited);
        file["content"]["runs"][0]["epochs"]["train_loss"][0] = 0.125;
        const auto opened = parseSession(file.dump(), "edited");
        QVERIFY(opened.edited);
        QCOMPARE(opened.session.runs[0].epochs[0].trainLoss, 0.125);
    }

    void aJournalGoesOnWhereTheSessionEnds() {
        Session session = rich();
        const auto all = session.runs[0].epochs;
        session.runs[0].epochs.resize(10);
        std::string journal = "not a line\n{\"run\": 5}\n";
        for (std::size_t e = 5; e < 20; ++e) // some of them twice
            journal += journalLine(0, std::span(&all[e], 1));
        journal += journalLine(99, std::span(&all[3], 1)) +
                   journalLine(8, std::span(&all[3], 1)); // an unknown run, one that never began
        applyJournal(session, journal + journalLine(0, std::span(&all[20], 1)).substr(0, 40));
        QCOMPARE(session.runs[0].epochs.size(), 20U);
        for (std::size_t e = 0; e < 20; ++e)
            QVERIFY(same(session.runs[0].epochs[e], all[e]));
        QVERIFY(session.runs[3].epochs.empty());
    }

    // The exact optimum may come to be known later than the epochs that are measured against it.
    void aStateToldAgainIsTheLastWord() {
        Session session = rich();
        auto& epochs = session.runs[0].epochs;
        const auto before = epochs;
        EpochRecord again = before[7];
        again.trainLoss = 0.125;
        applyJournal(session, journalLine(0, std::span(&again, 1)));
        QCOMPARE(epochs.size(), before.size());
        for (std::size_t e = 0; e < before.size(); ++e)
            QVERIFY(same(epochs[e], e == 7 ? again : before[e]));
    }

    void aJournalTellsAllThatASessionHolds() {
        const Session& all = rich();
        const std::string before = sessionText({});
        std::string journal = journalHead(before) + journalLine(all.settings, all.view);
        for (std::size_t r = all.runs.size(); r-- > 0;) { // each in front of those before it
            const SessionRun& run = all.runs[r];
            SessionRun begun = run;
            begun.name = "as it began";
            begun.status.reset();
            journal += journalLine(begun, 0) + journalLine(run.id, run.epochs) +
                       journalLine(run.id, run.steps) + journalLine(run);
        }
        SessionRun removed = all.runs[0];
        removed.id = 50;
        journal += journalLine(removed, 2) + journalRemoval(50);
        QVERIFY(journalGoesWith(journal, before));
        QVERIFY(!journalGoesWith(journal, sessionText(all)));
        Session session;
        applyJournal(session, journal);
        compare(session, all);
        for (std::size_t r = 0; r < all.runs.size(); ++r)
            QCOMPARE(sessionText({{}, {}, {session.runs[r]}}), sessionText({{}, {}, {all.runs[r]}}));
    }

    // A header in Latin-1 was not decoded everywhere; a file's name is in whatever encoding it was made.
    void textsThatAreNoUtf8CanBeSaved() {
        Session session = rich();
        session.runs[0].name = "Gr\xF6\xDF"
                               "e";
        session.runs[0].model.featureNames = {"H\xF6he"};
        session.settings.data.source = "/tmp/Gr\xF6\xDF"
                                       "e.csv";
        const auto opened = parseSession(sessionText(session), "s.zipml");
        QVERIFY(!opened.edited);
        QCOMPARE(opened.session.runs[0].name, "Gr\xEF\xBF\xBD\xEF\xBF\xBD"
                                              "e");
        QVERIFY(!journalLine(session.runs[0]).empty());
    }
};

QTEST_GUILESS_MAIN(SessionTest)
#include "session_test.moc"
