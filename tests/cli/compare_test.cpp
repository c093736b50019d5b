#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

using namespace zipml;
using test::runZipml;

class CliCompareTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        const QStringList train{"train", "synthetic:5x200", "--epochs", "3"};
        QVERIFY(ran(train + QStringList{"--bits", "2", "--out", "two.json"}));
        QVERIFY(ran(train + QStringList{"--bits", "2", "--step", "0.001", "--out", "small.json"}));
        QVERIFY(ran({"sweep", "synthetic:5x200", "--epochs", "2", "--vary", "bits=3,4", "--out", "s.json"}));
    }

    void tellsRunsApart() {
        const auto result =
            runZipml({"compare", "two.json", "small.json", "s.json", "--json"}, folder_.path());
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        const auto runs = result.json()["runs"].toArray();
        QStringList names;
        for (const auto& run : runs)
            names << run.toObject()["name"].toString();
        QCOMPARE(names, (QStringList{"Double sampling, 2 bits", "Double sampling, 2 bits, step 0.001",
                                     "Double sampling, 3 bits", "Double sampling, 4 bits"}));
        const auto two = record("two.json");
        QCOMPARE(runs[0]["final"]["train_loss"], two["final"].toObject()["train_loss"]);
        QCOMPARE(runs[0]["status"].toString(), "completed");
        const double least = two["optimum"].toObject()["objective"].toDouble(),
                     objective = two["final"].toObject()["objective"].toDouble();
        QVERIFY(std::abs(runs[0]["above_optimum"].toDouble() - (objective / least - 1)) < 1e-12);
    }

    /// Each number of the records, once, under the name that it has there.
    void tableHoldsEveryNumber() {
        QVERIFY(ran({"compare", "two.json", "small.json", "--csv", "c.csv"}));
        QFile file(folder_.filePath("c.csv"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QStringList lines = QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.takeFirst(), "run,epoch,quantity,value");
        int numbers = 0;
        for (const auto& [name, source] :
             {std::pair{"\"Double sampling, 2 bits\"", "two.json"},
              std::pair{"\"Double sampling, 2 bits, step 0.001\"", "small.json"}}) {
            const auto all = record(source);
            QJsonArray states = all["epochs"].toArray();
            states.prepend(all["initial"]);
            for (const auto& state : states)
                for (const QString& key : state.toObject().keys())
                    if (state.toObject()[key].isDouble() && key != "epoch") {
                        ++numbers;
                        const QString begin =
                            QString("%1,%2,%3,").arg(name).arg(state.toObject()["epoch"].toInt()).arg(key);
                        const auto found = lines.filter(begin).filter(
                            QRegularExpression("^" + QRegularExpression::escape(begin)));
                        QVERIFY2(found.size() == 1, qPrintable(begin));
                        QCOMPARE(found.first().mid(begin.size()).toDouble(), state[key].toDouble());
                    }
        }
        QCOMPARE(lines.size(), numbers);
    }

    void drawsAndReports() {
        for (const char* plot : {"c.svg", "c.png", "c.pdf"})
            QVERIFY(ran({"compare", "two.json", "s.json", "--plot", plot}));
        QVERIFY(ran({"sweep", "synthetic:5x200", "--epochs", "2", "--vary", "bits=3,4", "--plot", "s.svg"}));
        QVERIFY(QFileInfo(folder_.filePath("s.svg")).size() > 2000);
        for (const char* report : {"c.html", "c.report.pdf"})
            QVERIFY(ran({"compare", "two.json", "small.json", "s.json", "--report", report}));
        const QString page = read("c.html");
        for (const QString& part :
             {QString("Comparison of 4 run(s)"), QString("Double sampling, 2 bits, step 0.001"),
              QString("zipml train synthetic:5x200"), QString("<svg")})
            QVERIFY2(page.contains(part), qPrintable(part));
        for (const char* file : {"c.svg", "c.html"})
            QVERIFY(!read(file).contains(folder_.path()));
    }

    void oneLineForBadUse_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no record") << QStringList{};
        QTest::newRow("missing") << QStringList{"missing.json"};
        QTest::newRow("no run") << QStringList{"no-run.json"};
        QTest::newRow("plot") << QStringList{"two.json", "--plot", "x.gif"};
        QTest::newRow("report") << QStringList{"two.json", "--report", "x.doc"};
        QTest::newRow("folder") << QStringList{"two.json", "--csv", "missing/x.csv"};
    }
    void oneLineForBadUse() {
        QFETCH(QStringList, arguments);
        QFile other(folder_.filePath("no-run.json"));
        QVERIFY(other.open(QIODevice::WriteOnly) && other.write("{\"bits\": 3}") > 0);
        other.close();
        const auto result = runZipml(QStringList{"compare"} + arguments, folder_.path());
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
        QVERIFY(QDir(folder_.path()).entryList({"x*"}).isEmpty());
    }

  private:
    [[nodiscard]] bool ran(const QStringList& arguments) const {
        const auto result = runZipml(arguments, folder_.path());
        if (result.exitCode != 0)
            qWarning("%s", qPrintable(result.error));
        return result.exitCode == 0;
    }
    [[nodiscard]] QString read(const QString& name) const {
        QFile file(folder_.filePath(name));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    [[nodiscard]] QJsonObject record(const QString& name) const {
        return QJsonDocument::fromJson(read(name).toUtf8()).object();
    }

    const QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(CliCompareTest)
#include "compare_test.moc"
