#include "core/solve/sgd_options.h"

#include <QtTest>

using namespace zipml;

class SgdOptionsTest : public QObject {
    Q_OBJECT
  private slots:
    void schedulesFollowTheirFormula() {
        for (int epoch = 1; epoch <= 40; ++epoch) {
            QCOMPARE(stepOf(parseSchedule("constant"), 0.5, epoch), 0.5);
            QCOMPARE(stepOf(parseSchedule("inverse-epoch"), 0.5, epoch), 0.5 / epoch);
            QCOMPARE(stepOf(parseSchedule("inverse-sqrt"), 0.5, epoch), 0.5 / std::sqrt(double(epoch)));
        }
        const auto halving = parseSchedule("halve-every:3");
        const double expected[] = {1, 1, 1, 0.5, 0.5, 0.5, 0.25};
        for (int epoch = 1; epoch <= 7; ++epoch)
            QCOMPARE(stepOf(halving, 1, epoch), expected[epoch - 1]);
        const auto list = parseSchedule("list:1,0.5,0.125");
        QCOMPARE(stepOf(list, 2, 2), 1.0);
        QCOMPARE(stepOf(list, 2, 3), 0.25);
        QCOMPARE(stepOf(list, 2, 99), 0.25);
    }

    void textRoundTrips() {
        for (const char* text :
             {"constant", "inverse-epoch", "inverse-sqrt", "halve-every:7", "list:1.0,0.1,0.001"})
            QCOMPARE(toString(parseSchedule(text)), std::string(text));
    }

    void stepsAreNumbersPowersOrAuto() {
        QCOMPARE(parseStep("0.05"), std::optional(0.05));
        QCOMPARE(parseStep("2^-12"), std::optional(1.0 / 4096));
        QCOMPARE(parseStep("auto"), std::optional<double>());
    }

    void nonsenseIsRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "fast", "halve-every", "halve-every:0", "halve-every:1.5", "halve-every:x", "list",
              "list:", "list:1,,2", "list:1,-1", "list:0", "constant:3", "inverse-epoch:"})
            QTest::newRow(text) << text;
    }
    void nonsenseIsRefused() {
        QFETCH(QString, text);
        QVERIFY_EXCEPTION_THROWN(parseSchedule(text.toStdString()), InputError);
    }

    void nonsenseStepsAreRefused() {
        for (const char* text : {"", "0", "-1", "abc", "2^", "2^x", "1e999", "nan", "inf", "0.5x", "2^-9999"})
            QVERIFY_EXCEPTION_THROWN(parseStep(text), InputError);
    }
};

QTEST_APPLESS_MAIN(SgdOptionsTest)
#include "sgd_options_test.moc"
