// The networks' experiment: runs, is repeatable, goes on where it was stopped, and says what it misses.

#include "core/base/file.h"
#include "core/deep/deep_model.h"
#include "core/deep/engine.h"
#include "core/reproduce/deep_experiment.h"

#include <QTemporaryDir>
#include <QtTest>

#include <thread>

using namespace zipml;
using nlohmann::json;

namespace {

const char* const kRuns[] = {"full", "xnor-2", "xnor-5", "heuristic-5", "optimal-5", "lsq-5"};

std::filesystem::path pathOf(const QTemporaryDir& folder) {
    return folder.path().toStdString();
}

Outcome runIn(const QTemporaryDir& folder, bool quick, int jobs, RunControl& control,
              const Workplace::Progress& onProgress = {}) {
    ReproduceOptions options;
    options.data = options.out = pathOf(folder);
    options.quick = quick;
    options.jobs = jobs;
    Workplace place(options, control, onProgress);
    return deepExperiment()->run(place);
}

/// All but the times.
json curvesIn(const QTemporaryDir& folder) {
    json all = json::array();
    for (const char* run : kRuns) {
        json record = json::parse(readFile(pathOf(folder) / "records/deep" / (std::string(run) + ".json")));
        record["setup"].erase("resumed_at");
        for (json& epoch : record["epochs"])
            for (const char* time : {"seconds", "quantizer_seconds", "images_per_second"})
                epoch.erase(time);
        all.push_back(std::move(record));
    }
    return all;
}

} // namespace

class DeepExperimentTest : public QObject {
    Q_OBJECT
  private slots:
    void missingDataIsNamed() {
        const QTemporaryDir folder;
        RunControl control;
        const Outcome outcome = runIn(folder, false, 1, control);
        QVERIFY(!outcome.skipped.empty());
        const std::string& last = outcome.skipped.back();
        QVERIFY2(last.find("cifar10") != std::string::npos && last.find("http") != std::string::npos,
                 last.c_str());
        QVERIFY(outcome.claims.empty());
    }

    // Six networks of two seconds each; stopped, gone on, and beside that in one go.
    void stoppedOrNotTheRecordsAreEqual() {
        if (const auto problem = deep::engineProblem(); !problem.empty())
            QSKIP(problem.c_str());
        const QTemporaryDir whole, parts;
        RunControl control;
        const Outcome full = runIn(whole, true, 2, control);
        QVERIFY(full.complete && full.skipped.empty());
        QCOMPARE(full.charts.size(), std::size_t{2});
        for (const auto& chart : full.charts)
            QCOMPARE(chart.lines.size(), std::size(kRuns));
        QVERIFY(!full.claims.empty());
        for (const auto& claim : full.claims)
            QVERIFY(!claim.holds); // generated shapes decide nothing
        QVERIFY(full.notes.at(0).find("Quick settings") == 0);

        RunControl stopping;
        const Outcome stopped = runIn(parts, true, 2, stopping, [&](double share, std::string_view) {
            if (share > 0.4)
                stopping.stop();
        });
        QVERIFY(!stopped.complete);
        // A checkpoint that is damaged does not end the experiment.
        writeFileAtomically(pathOf(parts) / "records/deep/lsq-5.ck", "damaged");
        RunControl again;
        double first = -1;
        QVERIFY(runIn(parts, true, 1, again, [&](double share, std::string_view what) {
                    if (what != "reading images" && first < 0)
                        first = share;
                }).complete);
        QVERIFY2(first > 0.1, qPrintable(QString::number(first))); // what was done was not done again
        QVERIFY(curvesIn(parts) == curvesIn(whole));

        // All is recorded: images are read, to know whether they are the same, and nothing is trained.
        RunControl last;
        bool worked = false;
        QVERIFY(runIn(parts, true, 1, last, [&](double, std::string_view what) {
                    worked = worked || what != "reading images";
                }).complete);
        QVERIFY(!worked);
    }
};

QTEST_GUILESS_MAIN(DeepExperimentTest)
#include "deep_test.moc"
