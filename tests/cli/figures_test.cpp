/// Figures that the command line draws carry their runs, which train again to the same records.

#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

using namespace zipml;

namespace {

QJsonArray withoutSeconds(const QJsonObject& record) {
    QJsonArray epochs;
    for (const auto& each : record["epochs"].toArray()) {
        QJsonObject epoch = each.toObject();
        epoch.remove("seconds");
        epoch.remove("measuring_seconds");
        epochs << epoch;
    }
    return epochs;
}

QJsonObject settingsOf(const test::ProcessResult& result) {
    QJsonObject spec = result.json()["spec"].toObject();
    spec.remove("name"); // that of the curve
    return spec;
}

} // namespace

class FiguresTest : public QObject {
    Q_OBJECT
  private slots:
    void trainAgain_data() {
        QTest::addColumn<QString>("ending");
        for (const char* ending : {"png", "svg", "pdf"})
            QTest::newRow(ending) << QString(ending);
    }
    void trainAgain() {
        QFETCH(QString, ending);
        const QTemporaryDir folder;
        const QString figure = folder.filePath("figure." + ending);
        const QStringList settings{"--epochs", "6", "--at", "4:bits=5;5:grid=optimal", "--seed", "9"};
        const auto first =
            test::runZipml(QStringList{"train", "synthetic:12x320", "--plot", figure, "--json"} + settings);
        if (first.exitCode != 0 && first.error.contains("plots"))
            QSKIP("this build draws no plots");
        QVERIFY2(first.exitCode == 0, qPrintable(first.error));
        const auto again = test::runZipml({"train", figure, "--json"});
        QVERIFY2(again.exitCode == 0, qPrintable(again.error));
        QCOMPARE(withoutSeconds(again.json()), withoutSeconds(first.json()));
        QCOMPARE(settingsOf(again), settingsOf(first));
    }

    void dataThatAreNotThereAreNamed() {
        const QTemporaryDir folder;
        QFile data(folder.filePath("own.csv"));
        QVERIFY(data.open(QFile::WriteOnly));
        for (int row = 0; row < 40; ++row)
            data.write(QString("%1,%2,%3\n").arg(row % 7).arg(row * 0.5).arg(row % 7 + row).toUtf8());
        data.close();
        const QString figure = folder.filePath("figure.svg");
        const auto first = test::runZipml({"train", data.fileName(), "--epochs", "2", "--plot", figure});
        QVERIFY2(first.exitCode == 0, qPrintable(first.error));
        QCOMPARE(test::runZipml({"train", figure}).exitCode, 0); // the data are beside it
        QVERIFY(data.remove());
        const auto gone = test::runZipml({"train", figure});
        QCOMPARE(gone.exitCode, 2);
        QVERIFY2(gone.oneErrorLine() &&
                     gone.error.contains("reads own.csv, which is neither here nor beside"),
                 qPrintable(gone.error));
    }

    void severalRunsAreChosenByNumber() {
        const QTemporaryDir folder;
        const QString figure = folder.filePath("figure.svg");
        const auto sweep = test::runZipml({"sweep", "synthetic:12x320", "--epochs", "3", "--vary",
                                           "bits=2,4,8", "--plot", figure, "--json"});
        QVERIFY2(sweep.exitCode == 0, qPrintable(sweep.error));
        const auto asked = test::runZipml({"train", figure});
        QCOMPARE(asked.exitCode, 2);
        QVERIFY2(asked.oneErrorLine() && asked.error.contains("figure.svg#3"), qPrintable(asked.error));
        const auto runs = sweep.json()["runs"].toArray();
        for (int k = 1; k <= 3; ++k) {
            const auto run = test::runZipml({"train", figure + "#" + QString::number(k), "--json"});
            QVERIFY2(run.exitCode == 0, qPrintable(run.error));
            QCOMPARE(run.json()["spec"].toObject()["bits"],
                     runs[k - 1].toObject()["spec"].toObject()["bits"]);
            QCOMPARE(withoutSeconds(run.json()), withoutSeconds(runs[k - 1].toObject()));
        }
        QCOMPARE(test::runZipml({"train", figure + "#4"}).exitCode, 2);
    }
};

QTEST_APPLESS_MAIN(FiguresTest)
#include "figures_test.moc"
