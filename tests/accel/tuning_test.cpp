#include "accel/tuning.h"

#include "core/base/file.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

class TuningTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_;
    OpenClDevice device_;
    const std::vector<Tuning> candidates_{{1, 16, false}, {1, 32, false}, {1, 64, true}};
    int timed_ = 0;

    Tuning tune(const std::string& task, std::size_t fastest) {
        return tunedFor(device_, task, candidates_, [&](const Tuning& tuning) {
            ++timed_;
            return tuning == candidates_[fastest] ? 1.0 : 2.0;
        });
    }

  private slots:
    void initTestCase() {
        qputenv("XDG_CACHE_HOME", cache_.path().toUtf8());
        device_.name = "some device";
    }
    void init() { timed_ = 0; }

    void theFastestIsRemembered() {
        QCOMPARE(tune("task", 2), candidates_[2]);
        QCOMPARE(timed_, 3);
        QCOMPARE(tune("task", 0), candidates_[2]);
        QCOMPARE(timed_, 3);
    }

    // Another task, or another driver, is measured anew, and nothing is lost of what was known.
    void keysAreApart() {
        QCOMPARE(tune("other", 1), candidates_[1]);
        device_.driver = "2.0";
        QCOMPARE(tune("task", 0), candidates_[0]);
        device_.driver = "";
        QCOMPARE(timed_, 6);
        QCOMPARE(tune("task", 0), candidates_[2]);
        QCOMPARE(tune("other", 0), candidates_[1]);
        QCOMPARE(timed_, 6);
    }

    void damageIsRepaired() {
        const std::string whole = readFile(tuningFile());
        for (const std::string& damaged :
             {std::string(), std::string("{"), whole.substr(0, whole.size() / 2), std::string("[1, 2]"),
              std::string("{\"version\": 99, \"entries\": {}}")}) {
            writeFileAtomically(tuningFile(), damaged);
            timed_ = 0;
            QCOMPARE(tune("task", 1), candidates_[1]);
            QCOMPARE(timed_, 3);
            QCOMPARE(tune("task", 0), candidates_[1]);
            QCOMPARE(timed_, 3);
        }
    }

    // Values that no candidate has, by a damaged or an older file, are not used.
    void foreignValuesAreMeasuredAnew() {
        const std::string file = readFile(tuningFile());
        const auto at = file.find("32");
        QVERIFY(at != std::string::npos);
        writeFileAtomically(tuningFile(), file.substr(0, at) + "17" + file.substr(at + 2));
        QCOMPARE(tune("task", 0), candidates_[0]);
        QCOMPARE(timed_, 3);
    }

    void littleIsNotWorthAChange() {
        const Tuning kept = tunedFor(device_, "close", candidates_, [&](const Tuning& tuning) {
            return tuning == candidates_[0] ? 1.0 : 0.98;
        });
        QCOMPARE(kept, candidates_[0]);
    }
};

QTEST_APPLESS_MAIN(TuningTest)
#include "tuning_test.moc"
