// People's own files through the command line: what was found in training holds for every further file.

#include "tests/support/compress.h"
#include "tests/support/real_data.h"
#include "tests/support/zipml_process.h"

#include <QFile>
#include <QTemporaryDir>

#include <random>

using namespace zipml;
using test::runZipml;

namespace {

/// A table of what people have: numbers, a category, a date, missing cells, an id, classes as texts.
struct Table {
    QStringList names{"id", "height", "colour", "day", "width", "kind"};
    QList<QStringList> rows;

    explicit Table(int count) {
        std::mt19937 draws(7);
        std::normal_distribution<double> normal;
        const char* const colours[] = {"red", "blue", "green"};
        for (int r = 0; r < count; ++r) {
            const double height = normal(draws);
            const double width = normal(draws);
            const char* colour = colours[r % 3];
            const double score = height - width + (r % 3) - 1 + 0.3 * normal(draws);
            rows << QStringList{QString::number(r + 1),
                                QString::number(height, 'f', 3),
                                colour,
                                QString("2018-01-%1").arg(r % 28 + 1, 2, 10, QChar('0')),
                                r % 17 == 3 ? QString() : QString::number(width, 'f', 3),
                                score > 0.5    ? "tall"
                                : score < -0.5 ? "wide"
                                               : "even"};
        }
    }
};

QString textOf(const Table& table, const QList<int>& rows, const QList<int>& columns,
               const QString& delimiter) {
    QString text;
    const auto line = [&](const QStringList& cells) {
        QStringList picked;
        for (const int c : columns)
            picked << cells[c];
        text += picked.join(delimiter) + "\n";
    };
    line(table.names);
    for (const int r : rows)
        line(table.rows[r]);
    return text;
}

QJsonObject withoutTimes(QJsonObject record) {
    for (const char* key : {"peak_resident_bytes", "time", "spec", "notes"})
        record.remove(key);
    QJsonArray epochs;
    for (const auto& epoch : record[QString("epochs")].toArray()) {
        QJsonObject one = epoch.toObject();
        one.remove("seconds");
        epochs << one;
    }
    record[QString("epochs")] = epochs;
    return record;
}

} // namespace

class OwnDataTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    QString write(const QString& name, const QString& text, const std::string& compression = "none") const {
        const QString path = folder_.filePath(name);
        test::writeCompressed(path.toStdString(), text.toStdString(), compression);
        return path;
    }

  private slots:
    void aTestFileMayLookOtherwise() {
        const Table table(400);
        QList<int> train, test;
        for (int r = 0; r < 400; ++r)
            if (r < 300)
                train << r;
            else if (table.rows[r].back() != "wide") // one class is absent
                test << r;
        const QString file = write("train.csv", textOf(table, train, {0, 1, 2, 3, 4, 5}, ","));
        const QString same = write("same.csv", textOf(table, test, {0, 1, 2, 3, 4, 5}, ","));
        const QString other = write("other.tsv.xz", textOf(table, test, {5, 3, 4, 0, 2, 1}, "\t"), "xz");
        const QStringList settings{"--loss", "logistic",     "--bits", "5",       "--epochs",
                                   "4",      "--missing",    "median", "--times", "seconds",
                                   "--json", "--bias-draws", "0"};
        const QStringList train1 = QStringList{"train", file, "--test", same} + settings;
        const auto first = runZipml(train1);
        const auto second =
            runZipml(QStringList{"train", file, "--test", other, "--model", folder_.filePath("model.json")} +
                     settings);
        QVERIFY2(first.exitCode == 0 && second.exitCode == 0, qPrintable(first.error + second.error));
        QCOMPARE(withoutTimes(second.json()), withoutTimes(first.json()));
        const QJsonObject data = first.json()[QString("data")].toObject();
        QCOMPARE(data[QString("classes")].toArray(), (QJsonArray{"even", "tall", "wide"}));
        QCOMPARE(data[QString("features")].toInt(), 1 + 3 + 1 + 1 + 1); // and where the width was missing
        QCOMPARE(first.json()[QString("spec")].toObject()[QString("delimiter")].toString(), "comma");
        QCOMPARE(first.json()[QString("spec")].toObject()[QString("label_column")].toString(), "kind");

        // The model knows the columns too, also without the label and what was left out.
        const auto all = runZipml({"predict", folder_.filePath("model.json"), other, "--json"});
        const QString bare = write("bare.csv", textOf(table, test, {4, 2, 3, 1}, ";"));
        const auto without = runZipml({"predict", folder_.filePath("model.json"), bare, "--json"});
        QVERIFY2(all.exitCode == 0 && without.exitCode == 0, qPrintable(all.error + without.error));
        QCOMPARE(without.json()[QString("scores")], all.json()[QString("scores")]);
        QVERIFY(
            QStringList({"even", "tall", "wide"}).contains(all.json()[QString("predictions")][0].toString()));
        const QJsonArray epochs = first.json()[QString("epochs")].toArray();
        QCOMPARE(all.json()[QString("metrics")][QString("accuracy")].toDouble(),
                 epochs.last()[QString("test_accuracy")].toDouble());

        const QString lacking = write("lacking.csv", textOf(table, test, {4, 2, 1}, ","));
        const auto refused = runZipml({"predict", folder_.filePath("model.json"), lacking});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.oneErrorLine() && refused.error.contains("missing 'day'"),
                 qPrintable(refused.error));
    }

    void storesKnowTheColumns() {
        const Table table(200);
        QString text = "a,b,kind\n";
        QString swapped = "kind;b;a\n";
        for (const auto& row : table.rows) {
            const QString kind = row.back() == "tall" ? "yes" : "no";
            const QString b = row[4].isEmpty() ? "0" : row[4];
            text += row[1] + "," + b + "," + kind + "\n";
            swapped += kind + ";" + b + ";" + row[1] + "\n";
        }
        const QString file = write("store.csv", text);
        const QString other = write("swapped.csv", swapped);
        const QString store = folder_.filePath("store.zq");
        const auto packed = runZipml({"quantize", file, "--bits", "6", "-o", store});
        QVERIFY2(packed.exitCode == 0, qPrintable(packed.error));
        const QStringList settings{"--loss", "logistic", "--epochs", "5", "--json"};
        const auto trained = runZipml(QStringList{"train", store, "--test", other} + settings);
        const auto direct = runZipml(QStringList{"train", store, "--test", file} + settings);
        QVERIFY2(trained.exitCode == 0, qPrintable(trained.error));
        QCOMPARE(trained.json()[QString("final")][QString("test_loss")],
                 direct.json()[QString("final")][QString("test_loss")]);
        QVERIFY(trained.json()[QString("final")][QString("accuracy")].toDouble() > 0.6);
        QCOMPARE(trained.json()[QString("data")][QString("classes")].toArray(), (QJsonArray{"no", "yes"}));
    }

    void storesReadTheirFileAsChosen() {
        // Looks like pandas' header, and is none.
        const QString file = write("counts.csv", "0,1,2,3\n5,3,9,1\n6,2,8,4\n5,1,8,2\n7,0,9,5\n");
        const auto packed = runZipml({"quantize", file, "--header", "no", "--bits", "4", "-o",
                                      folder_.filePath("counts.zq"), "--json"});
        QVERIFY2(packed.exitCode == 0, qPrintable(packed.error));
        const auto trained = runZipml({"train", folder_.filePath("counts.zq"), "--epochs", "1", "--json"});
        QCOMPARE(trained.json()[QString("data")][QString("train_rows")].toInt(), 5);
    }

    void everyCommandReadsAlike() {
        const QString zero = write("zero.svm", "1 0:1 1:2\n-1 0:3 1:1\n1 1:4\n-1 1:1\n");
        const auto packed = runZipml({"quantize", zero, "-o", folder_.filePath("zero.zq"), "--json"});
        QVERIFY2(packed.exitCode == 0, qPrintable(packed.error));
        const QString gaps = write("gaps.csv", "a;b;y\n1,5;2;3\n2,5;;4\n3,5;4;7\n4,5;6;8\n");
        for (const QStringList& command : {QStringList{"levels", gaps, "--feature", "1", "--levels", "2"},
                                           {"bias", gaps, "--draws", "2"},
                                           {"quantize", gaps, "-o", folder_.filePath("gaps.zq")}}) {
            const auto refused = runZipml(command);
            QVERIFY2(refused.exitCode == 2 && refused.error.contains("gaps.csv:3: column 2 ('b')"),
                     qPrintable(refused.error));
            const auto read = runZipml(command + QStringList{"--missing", "drop"});
            QVERIFY2(read.exitCode == 0, qPrintable(read.error));
        }
    }

    void columnsFarFromZeroAreLearned() {
        QString text = "day,id,y\n";
        std::mt19937 draws(3);
        std::normal_distribution<double> normal;
        for (int r = 0; r < 280; ++r)
            text += QString("%1,%2,%3\n")
                        .arg(20180101 + r % 28)
                        .arg(3'000'000'000.0 + r * 7, 0, 'f', 0)
                        .arg(1e8 + r % 28 + 0.01 * normal(draws), 0, 'f', 6);
        const QString file = write("days.csv", text);
        for (const QString scaling : {"standard", "none", "max-abs", "minmax"}) {
            const auto run = runZipml({"train", file, "--estimator", "full", "--epochs", "2", "--bias-draws",
                                       "0", "--ignore", "id", "--scaling", scaling, "--json", "--model",
                                       folder_.filePath("days.json")});
            QVERIFY2(run.exitCode == 0, qPrintable(run.error));
            const double optimum = run.json()[QString("optimum")][QString("train_loss")].toDouble();
            QVERIFY2(optimum > 0.5e-4 && optimum < 1.5e-4, qPrintable(scaling + QString::number(optimum)));
            const auto predicted = runZipml({"predict", folder_.filePath("days.json"), file, "--json"});
            QVERIFY2(predicted.exitCode == 0, qPrintable(predicted.error));
            QVERIFY(std::abs(predicted.json()[QString("metrics")][QString("mean_squared_error")].toDouble() /
                                 run.json()[QString("final")][QString("train_loss")].toDouble() -
                             1) < 1e-3);
        }
        const auto seen = runZipml({"data", file, "--json"}).json();
        QCOMPARE(seen[QString("columns")][0][QString("distinct")].toInt(), 28);
        QCOMPARE(seen[QString("columns")][0][QString("min")].toDouble(), 20180101.0);
        QVERIFY(
            QJsonDocument(seen[QString("warnings")].toArray()).toJson().contains("'id' looks like an id"));
    }

    void sharedCases_data() {
        QTest::addColumn<QStringList>("arguments"); // CASES/ stands for the folder
        QTest::addColumn<QString>("path");          // into the JSON: a.b.0
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("within"); // relative
        const auto row = [](const char* name, const QStringList& arguments, const char* path, double value,
                            double within) { QTest::newRow(name) << arguments << path << value << within; };
        const auto optimum = [&](const char* file, double value, const QStringList& more = {}) {
            row(file,
                QStringList{"train", QString("CASES/") + file, "--estimator", "full", "--epochs", "1",
                            "--bias-draws", "0", "--json"} +
                    more,
                "optimum.train_loss", value, 1e-4);
        };
        row("columns by name",
            {"train", "CASES/columns-train.csv", "--test", "CASES/columns-swapped.csv", "--loss", "logistic",
             "--json"},
            "final.accuracy", 1, 0);
        optimum("label-first-header-train.csv", 0.084138);
        row("one grade in the test file",
            {"train", "CASES/label-first-header-train.csv", "--test",
             "CASES/label-first-header-one-grade.csv", "--estimator", "full", "--epochs", "60",
             "--bias-draws", "0", "--json"},
            "final.test_loss", 0.105, 0.03);
        optimum("numeric-header.csv", 5.4747e-08);
        optimum("numpy-savetxt-header.csv", 0.0735393);
        optimum("small-integers-first.csv", 0.2256029);
        optimum("dates.csv", 9.0502e-08);
        row("dates are distinct", {"data", "CASES/dates.csv", "--json"}, "columns.0.distinct", 28, 0);
        row("dates' minimum", {"data", "CASES/dates.csv", "--json"}, "columns.0.min", 20180101, 0);
        row("times", {"data", "CASES/date-time-column.csv", "--json"}, "features", 2, 0);
        optimum("decimal-comma.csv", 0.01151323);
        row("NaN cells", {"data", "CASES/nan-cells.csv", "--json"}, "missing", 23, 0);
        row("a missing cell", {"data", "CASES/one-missing-cell.csv", "--json"}, "missing", 1, 0);
        row("a line break within quotes", {"data", "CASES/line-break-in-quotes.csv", "--json"}, "rows", 2, 0);
        row("base 0", {"data", "CASES/zero-based.svm", "--json"}, "features", 3, 0);
        row("a wider test file",
            {"train", "CASES/narrow-train.svm", "--test", "CASES/wider-test.svm", "--json"}, "data.features",
            17, 0.2);
        row("Latin-1", {"train", "CASES/latin1.csv", "--epochs", "1", "--json"}, "data.features", 2, 0);
    }
    void sharedCases() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, path);
        QFETCH(double, value);
        QFETCH(double, within);
        const QString cases = QString::fromStdString((test::dataFolder().parent_path() / "cases").string());
        if (!QFile::exists(cases + "/README.md"))
            QSKIP("no shared cases beside the shared data; set ZIPML_DATA_DIR");
        for (QString& argument : arguments)
            argument.replace("CASES", cases);
        const auto result = runZipml(arguments);
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        QJsonValue found = result.json();
        for (const QString& part : path.split('.')) {
            bool isIndex = false;
            const int index = part.toInt(&isIndex);
            found = isIndex ? found[index] : found[part];
        }
        QVERIFY2(found.isDouble() && std::abs(found.toDouble() - value) <= within * std::abs(value),
                 qPrintable(QString("%1: %2").arg(path).arg(found.toDouble(), 0, 'g', 9)));
    }
};

QTEST_GUILESS_MAIN(OwnDataTest)
#include "own_data_test.moc"
