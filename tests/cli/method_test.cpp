// Step 1's figures through the command line: bias on the 100-feature synthetic set.

#include "tests/support/zipml_process.h"

using zipml::test::runZipml;

class CliMethodTest : public QObject {
    Q_OBJECT
  private slots:
    // At the origin, the optimum and 5 random points, 1 to 8 bits: naive agrees with its formula and double
    // sampling with zero, within 3 standard errors. With 101 parameters pure noise passes 3 standard errors
    // with probability far below 1e-9 a check, so no false alarm is expected in the 112.
    void biasAgreesWithTheFormula_data() {
        QTest::addColumn<QString>("estimator");
        QTest::newRow("naive") << "naive";
        QTest::newRow("double") << "double";
    }
    void biasAgreesWithTheFormula() {
        QFETCH(QString, estimator);
        for (int bits = 1; bits <= 8; ++bits)
            for (int place = 0; place < 7; ++place) {
                const QString at = place == 0 ? "zero" : place == 1 ? "optimum" : "random";
                const auto result = runZipml({"bias", "synthetic:100", "--bits", QString::number(bits),
                                              "--estimator", estimator, "--at", at, "--seed",
                                              QString::number(place), "--draws", "4", "--json"});
                QCOMPARE(result.exitCode, 0);
                const auto json = result.json();
                const double difference =
                    std::abs(json["measured_bias_norm"].toDouble() - json["predicted_bias_norm"].toDouble());
                QVERIFY2(difference <= 3 * json["standard_error"].toDouble(),
                         qPrintable(QString("%1 bits at %2: %3").arg(bits).arg(at).arg(difference)));
                if (estimator == "double")
                    QCOMPARE(json["predicted_bias_norm"].toDouble(), 0.0);
            }
    }
};

QTEST_GUILESS_MAIN(CliMethodTest)
#include "method_test.moc"
