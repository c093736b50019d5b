// Runs come back from the files that were written of them.

#include "core/document/history_file.h"
#include "core/document/record_file.h"
#include "core/document/session_run_json.h"
#include "core/lab/run.h"
#include "core/study/sweep.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

namespace {

RunRecord smallRecord(int bits = 3) {
    RunSpec spec;
    spec.data.source = "synthetic:6x200,classes";
    spec.loss = LossKind::Logistic;
    spec.data.split = 0.8;
    spec.bits = bits;
    spec.sgd.epochs = 4;
    RunObserver nobody;
    RunControl control;
    return runExperiment(spec, nobody, control);
}

QString faultOf(const std::string& text) {
    try {
        (void)parseRuns(text, "f.json");
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

/// As a record shows it.
nlohmann::json epochsOf(const std::vector<EpochRecord>& epochs) {
    auto list = nlohmann::json::array();
    for (const auto& epoch : epochs)
        list.push_back(toJson(epoch));
    return list;
}

} // namespace

class RecordFileTest : public QObject {
    Q_OBJECT
  private slots:
    void aRecordComesBack() {
        const RunRecord record = smallRecord();
        const auto file = parseRuns(toJson(record).dump(2) + "\n", "f.json");
        QVERIFY(!file.cut);
        QCOMPARE(file.runs.size(), 1U);
        const SessionRun& run = file.runs[0];
        QVERIFY(run.spec == specAsFound(record));
        QCOMPARE(epochsOf(run.epochs), epochsOf(record.epochs));
        QCOMPARE(toJson(*run.initial), toJson(record.initial));
        QVERIFY(run.status == RunStatus::Completed);
        QCOMPARE(run.setup->trainRows, record.setup.trainRows);
        QCOMPARE(run.setup->kernels, record.setup.kernels);
        QCOMPARE(run.setup->arithmetic, record.setup.arithmetic);
        QCOMPARE(run.setup->arithmeticWhy, record.setup.arithmeticWhy);
        QCOMPARE(run.setup->optimumLoss, record.setup.optimumLoss);
        QCOMPARE(run.setup->bitsPerValue, record.setup.bitsPerValue);
        QCOMPARE(run.confusion, record.confusion);
        // And is a run that a session can keep.
        QCOMPARE(epochsOf(sessionRunFromJson(toJson(run)).epochs), epochsOf(record.epochs));
    }

    void whatIsNotFiniteComesBackAsNoNumber() {
        RunRecord record = smallRecord();
        record.epochs.back().trainLoss = std::numeric_limits<double>::infinity();
        record.status = RunStatus::Diverged;
        const auto run = parseRuns(toJson(record).dump(), "f.json").runs[0];
        QVERIFY(!std::isfinite(run.epochs.back().trainLoss));
        QVERIFY(run.status == RunStatus::Diverged);
    }

    void sweepsListsAndStreams() {
        Sweep sweep(expandSweep(smallRecord().spec, {{"bits", {"2", "3", "4"}}}));
        RunControl control;
        sweep.run(2, control, [](std::size_t) {});
        const auto swept = parseRuns(sweep.toJson().dump(1), "f.json");
        QCOMPARE(swept.runs.size(), 3U);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(swept.runs[static_cast<std::size_t>(i)].id, i);
            QCOMPARE(swept.runs[static_cast<std::size_t>(i)].spec.bits, i + 2);
        }
        const std::string one = toJson(smallRecord()).dump(), two = toJson(smallRecord(5)).dump(2);
        QCOMPARE(parseRuns("[" + one + "," + two + "]", "f").runs.size(), 2U);
        const auto stream = parseRuns(one + "\n" + two + "\n\n" + sweep.toJson().dump() + "\n", "f");
        QCOMPARE(stream.runs.size(), 5U);
        QCOMPARE(stream.runs[1].spec.bits, 5);
        // Still being written: what is whole counts.
        const auto cut = parseRuns(one + "\n" + two.substr(0, two.size() / 2), "f");
        QCOMPARE(cut.runs.size(), 1U);
        QVERIFY(cut.cut);
    }

    void runsAreToldFromSettings() {
        const auto record = toJson(smallRecord());
        QVERIFY(holdsRuns(record));
        QVERIFY(holdsRuns({record, record}));
        QVERIFY(holdsRuns({{"kind", "zipml-sweep"}, {"runs", nlohmann::json::array()}}));
        QVERIFY(!holdsRuns(toJson(RunSpec{})));
        QVERIFY(!holdsRuns(nlohmann::json::array()));
        QVERIFY(!holdsRuns("text"));
    }

    void faultsAreOneLine() {
        auto record = toJson(smallRecord());
        QVERIFY(faultOf("").startsWith("f.json: holds no run"));
        QVERIFY(faultOf("{\"spec\": ").startsWith("f.json: is no JSON, or is cut short"));
        QVERIFY(faultOf("{\"bits\": 3}").startsWith("f.json: is no record of a run"));
        QVERIFY(faultOf("{\"x\": 1e999}").startsWith("f.json: is no JSON"));
        QVERIFY(faultOf(record.dump() + "\n7").startsWith("f.json: part 2: is no record of a run"));
        for (const auto& [key, value] : record.items()) {
            auto damaged = record;
            damaged[key] = 7;
            const QString fault = faultOf(damaged.dump());
            QVERIFY2(!fault.contains('\n'), qPrintable(fault));
            damaged.erase(key);
            QVERIFY(!faultOf(damaged.dump()).contains('\n'));
        }
        record["spec"]["bist"] = 3;
        QVERIFY2(faultOf(record.dump()).startsWith("f.json: 'bist' is not a setting"),
                 qPrintable(faultOf(record.dump())));
    }

    void theHistoryKeepsRunsWhole() {
        const RunRecord record = smallRecord();
        const HistoryEntry entry = historyEntry(sessionRunOf(record), "train");
        const HistoryEntry other = historyEntry(sessionRunOf(record), "train");
        QVERIFY(entry.key != other.key);
        const auto back = historyFromText(historyText(entry), entry.key);
        QCOMPARE(back.when, entry.when);
        QCOMPARE(back.origin, "train");
        QCOMPARE(toJson(back.run), toJson(entry.run));
        QCOMPARE(back.run.model.parameters.weights, record.model.parameters.weights);
        for (const char* damaged : {"", "{}", "7", "{\"kind\": \"zipml-history\"}",
                                    "{\"kind\": \"zipml-history\", \"version\": 99}"})
            QVERIFY_EXCEPTION_THROWN((void)historyFromText(damaged, "k"), InputError);
    }

    void theInboxKeepsTheLatest() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        HistoryEntry entry = historyEntry(sessionRunOf(smallRecord()), "train");
        std::filesystem::create_directories(historyInbox(path));
        for (std::size_t i = 0; i < kMostWaiting + 2; ++i) {
            QFile file(folder.filePath(QString("inbox/1999%1.json").arg(i, 6, 10, QChar('0'))));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        addToInbox(path, {entry});
        const QDir inbox(folder.filePath("inbox"));
        QCOMPARE(inbox.count() - 2, uint(kMostWaiting)); // less . and ..
        QVERIFY(inbox.exists(QString::fromStdString(entry.key) + ".json"));
        QVERIFY(!inbox.exists("1999000000.json"));
    }
};

QTEST_GUILESS_MAIN(RecordFileTest)
#include "record_file_test.moc"
