// Step 1's figures on the real regression sets: standard-scaled, all rows for training.

#include "core/lab/run.h"
#include "tests/support/real_data.h"

using namespace zipml;

class RealDataTest : public QObject {
    Q_OBJECT
  private slots:
    void reachesTheOptimum_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("allowed"); // training MSE over the exact optimum's
        for (const char* file : {"cadata", "cpusmall"}) {
            QTest::addRow("%s full", file) << file << static_cast<int>(EstimatorKind::Full) << 1.01;
            QTest::addRow("%s double, 6 bits", file)
                << file << static_cast<int>(EstimatorKind::Double) << 1.05;
        }
    }
    void reachesTheOptimum() {
        QFETCH(QString, file);
        QFETCH(int, kind);
        QFETCH(double, allowed);
        NEEDS_REAL_DATA(file.toStdString());
        RunSpec spec;
        spec.data.source = (test::dataFolder() / file.toStdString()).string();
        spec.estimator = static_cast<EstimatorKind>(kind);
        spec.bits = 6;
        spec.sgd.epochs = 100;
        RunObserver nobody;
        RunControl control;
        const auto record = runExperiment(spec, nobody, control);
        const double ratio = record.epochs.back().trainLoss / *record.setup.optimumLoss;
        QVERIFY2(ratio >= 1 - 1e-9 && ratio <= allowed, qPrintable(QString::number(ratio, 'g', 8)));
    }

    // The README of the shared data states the least-squares errors with intercept.
    void theOptimumIsThePublishedOne() {
        for (const auto& [file, mse] :
             std::map<std::string, double>{{"cadata", 4.83212e9}, {"cpusmall", 96.3658}}) {
            NEEDS_REAL_DATA(file);
            RunSpec spec;
            spec.data.source = (test::dataFolder() / file).string();
            const auto data = prepareData(spec, {});
            ThreadTeam team;
            QVERIFY(std::abs(data->exactOptimum(team).optimum->loss / mse - 1) < 2e-5);
        }
    }
};

QTEST_GUILESS_MAIN(RealDataTest)
#include "real_data_test.moc"
