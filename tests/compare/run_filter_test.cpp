// The line that finds runs: what it lets through, and what it says of a line that is wrong.

#include "core/compare/run_filter.h"

#include <QtTest>

using namespace zipml;

namespace {

RunFacts factsOf(EstimatorKind estimator, int bits, std::optional<double> step, double testLoss) {
    RunSpec spec;
    spec.data.source = "/data/wide/a9a";
    spec.estimator = estimator;
    spec.bits = bits;
    spec.sgd.step = step;
    spec.seed = static_cast<std::uint64_t>(bits);
    RunFacts facts;
    facts.name = displayName(spec);
    facts.state = "done";
    facts.settings = settingsOf(spec);
    EpochRecord last;
    last.epoch = 10;
    last.trainLoss = testLoss / 2;
    last.testLoss = testLoss;
    last.testAccuracy = 0.9;
    last.bytesMoved = 3'000'000;
    facts.results = resultsOf(last, 0.5, 2);
    return facts;
}

/// Three runs: double sampling at 3 and 4 bits, full precision.
std::vector<RunFacts> threeRuns() {
    std::vector runs{factsOf(EstimatorKind::Double, 3, 0.015625, 0.2),
                     factsOf(EstimatorKind::Double, 4, {}, 0.1),
                     factsOf(EstimatorKind::Full, 3, 0.001, 0.05)};
    runs[1].state = "diverged";
    runs[1].tags = "paper figure-2";
    runs[2].notes = "The reference of all";
    runs[0].date = "2026-11-30 14:05";
    runs[1].date = "2026-10-01 09:00";
    runs[2].date = "2025-12-24 18:00";
    runs[2].origin = "train";
    return runs;
}

QString faultOf(const std::string& text) {
    try {
        const RunFilter filter(text);
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

} // namespace

class RunFilterTest : public QObject {
    Q_OBJECT
  private slots:
    void letsThrough_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("rows"); // of threeRuns
        const auto add = [](const char* line, const char* rows) { QTest::newRow(line) << line << rows; };
        add("", "0 1 2");
        add("   ", "0 1 2");
        add("bits<4", "0");
        add("bits < 4", "0");
        add("bits<=4", "0 1");
        add("bits>=4", "1 2"); // full precision's are 32
        add("bits=32", "2");
        add("bits<4 estimator=double", "0");
        add("estimator=DOUBLE", "0 1");
        add("estimator!=double", "2");
        add("estimator~dou", "0 1");
        add("bits=3,4", "0 1");
        add("bits!=3,4", "2");
        add("bits=3..4", "0 1");
        add("step=2^-6", "0");
        add("step=0.001,2^-6", "0 2");
        add("step=auto", "1");
        add("step<1", "0 2"); // auto is no number
        add("Test-Loss<0.15", "1 2");
        add("test_loss<=0.1", "1 2");
        add("accuracy>=90", "0 1 2");
        add("mb=3", "0 1 2");
        add("bias<1", ""); // not measured
        add("state=done", "0 2");
        add("status=done,diverged", "0 1 2");
        add("not state=diverged", "0 2");
        add("-state=diverged bits<4", "0");
        add("not not bits=3", "0");
        add("bits=3 or bits=32", "0 2");
        add("bits=3 state=diverged or tag=paper", "1");
        add("tag=paper", "1");
        add("tag=pap", ""); // a tag is a whole word
        add("tag~pap", "1");
        add("note~reference", "2");
        add("reference", "2"); // a word stands in name, data, tags or notes
        add("A9A", "0 1 2");
        add("\"3 bits\"", "0");
        add("name~\"3 bits\"", "0");
        add("name=\"Double sampling, 3 bits\"", "0"); // a comma in quotes parts nothing
        add("data~a9a intercept=yes", "0 1 2");
        add("intercept=no", "");
        add("date=2026-11", "0");
        add("date>=2026", "0 1");
        add("date<2026-11", "1 2");
        add("from=train", "2");
        add("seed=3", "0 2");
        add("shared_grid=no", "0 1"); // full precision has no grid
        add("\"or\"", "");            // in quotes it is a word like others, which no run has
    }
    void letsThrough() {
        QFETCH(QString, line);
        QFETCH(QString, rows);
        const RunFilter filter(line.toStdString());
        QCOMPARE(filter.empty(), line.trimmed().isEmpty());
        QStringList through;
        const auto runs = threeRuns();
        for (std::size_t row = 0; row < runs.size(); ++row)
            if (filter.matches(runs[row]))
                through << QString::number(row);
        QCOMPARE(through.join(' '), rows);
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("fault");
        const auto add = [](const char* line, const char* fault) { QTest::newRow(line) << line << fault; };
        add("bist<4", "'bist' is neither a setting nor a result; did you mean bits?");
        add("tes_loss<4", "'tes_loss' is neither a setting nor a result; did you mean test_loss?");
        add("colour=red", "'colour' is neither a setting nor a result; such are bits");
        add("bits<", "bits: a value is missing, such as bits=4");
        add("bits<wide", "bits: 'wide' is no number");
        add("estimator<4", "estimator: is no number; compare it with = or ~");
        add("name<4", "name: is no number; compare it with = or ~");
        add("estimator=doubel", "estimator: 'doubel' is unknown; choose among full,");
        add("intercept=maybe", "intercept: 'maybe' is unknown; choose among yes, no");
        add("test_loss=low", "test_loss: 'low' is no number");
        add("<4", "'<4': a setting or result stands in front, such as bits<4");
        add("bits!4", "'!' is written !=, such as estimator!=naive");
        add("name~\"3 bits", "a quotation mark is open: write it behind the text, too");
        add("or bits=3", "'or' stands between two conditions");
        add("bits=3 or", "'or' stands between two conditions");
        add("not", "'not' stands before what must not be");
    }
    void saysWhatIsWrong() {
        QFETCH(QString, line);
        QFETCH(QString, fault);
        const QString said = faultOf(line.toStdString());
        QVERIFY2(said.startsWith(fault), qPrintable(said));
        QVERIFY(!said.contains('\n'));
    }

    // Whatever is typed, letter by letter, is read or refused in one line.
    void everyBeginningIsReadOrRefused() {
        const QString line = "-bits<=4 \"a b\" name~\"x,y\",z or not step=2^-6,1..3 date>=2026-11 ~ ! = , ..";
        for (qsizetype length = 0; length <= line.size(); ++length) {
            const QString said = faultOf(line.left(length).toStdString());
            QVERIFY2(!said.contains('\n'), qPrintable(said));
        }
    }

    // Every key of a spec can be asked for, with the value that it has.
    void everySettingIsFound() {
        const RunFacts run = factsOf(EstimatorKind::Polynomial, 6, 0.25, 0.3);
        for (const SpecKey& key : specKeys()) {
            const SettingValue& value = run.settings[settingIndex(key.name)];
            if (!value.used || key.name == "name" || value.text.empty())
                continue;
            const std::string line = std::string(key.name) + "=\"" + value.text + "\"";
            QVERIFY2(RunFilter(line).matches(run), line.c_str());
            QVERIFY2(!RunFilter("not " + line).matches(run), line.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(RunFilterTest)
#include "run_filter_test.moc"
