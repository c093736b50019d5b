// What leaves the machine names data without the folders that they lie in.

#include "tests/support/zipml_process.h"

#include <QTemporaryDir>

#include <cmath>

using namespace zipml;

class CliExportPathsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        QVERIFY(QDir(folder_.path()).mkpath("home/parts"));
        write("home/train.csv", table(0, 60));
        write("home/test.csv", table(60, 90));
        write("home/parts/1.csv", table(0, 30));
        write("home/parts/2.csv", table(30, 60));
        write("home/rows.mtx", matrix(60));
        write("home/labels.txt", labels(60));
        write("spec.json", QString(R"({"data": "%1", "test": "%2", "epochs": 2})")
                               .arg(home("train.csv"), home("test.csv"))
                               .toUtf8());
    }

    void noFolderLeaves_data() {
        QTest::addColumn<QStringList>("source");
        QTest::addColumn<QString>("name"); // as the record says it
        QTest::newRow("a file and its test file")
            << QStringList{home("train.csv"), "--test", home("test.csv")} << "train.csv";
        QTest::newRow("a spec") << QStringList{"spec.json"} << "train.csv";
        QTest::newRow("labels in a file of their own")
            << QStringList{home("rows.mtx"), "--labels", home("labels.txt")} << "rows.mtx";
        QTest::newRow("a folder") << QStringList{home("parts")} << "parts";
        QTest::newRow("a folder with a slash") << QStringList{home("parts/")} << "parts";
        QTest::newRow("a pattern") << QStringList{home("parts/*.csv")} << "*.csv";
        QTest::newRow("a list") << QStringList{home("parts/1.csv") + ";" + home("parts/2.csv")}
                                << "1.csv;2.csv";
        QTest::newRow("a file below the working folder") << QStringList{"home/train.csv"} << "train.csv";
    }
    void noFolderLeaves() {
        QFETCH(QStringList, source);
        QFETCH(QString, name);
        QVERIFY(QDir(folder_.filePath("out")).removeRecursively() && QDir(folder_.path()).mkpath("out"));
        const auto train =
            zipml(QStringList{"train"} + source +
                  QStringList{"--epochs", "2", "--seed", "3", "--json", "--out", "out/r.json", "--model",
                              "out/m.json", "--csv", "out/r.csv", "--plot", "out/r.svg"});
        QCOMPARE(train["data"].toObject()["name"].toString(), name);
        QCOMPARE(train["spec"].toObject()["data"].toString(), name);
        for (const char* plot : {"out/r.png", "out/r.pdf"})
            zipml(QStringList{"train"} + source + QStringList{"--epochs", "1", "--plot", plot});
        zipml(QStringList{"sweep"} + source +
              QStringList{"--epochs", "1", "--vary", "bits=2,4", "--csv", "out/s.csv", "--json"});
        zipml(QStringList{"bias"} + source.mid(0, 1) + QStringList{"--at", "zero", "--draws", "4", "--json"} +
              (source.contains("--labels") ? source.mid(1) : QStringList()));
        for (const char* to :
             {"json", "onnx", "c", "c-float", "c-integer", "systemverilog", "liblinear", "npz"})
            zipml({"export", "out/m.json", "--to", to, "-o", QString("out/m.of-") + to});
        for (const char* report : {"out/c.html", "out/c.pdf"})
            zipml({"compare", "out/r.json", "--plot", "out/c.svg", "--csv", "out/c.csv", "--json", "--report",
                   report});
        onlyNames(folder_.filePath("out"));
    }

    void reportsAndStores() {
        QVERIFY(QDir(folder_.filePath("out")).removeRecursively() && QDir(folder_.path()).mkpath("out"));
        for (const char* report : {"out/a.html", "out/a.pdf"})
            zipml({"advise", home("train.csv"), "--epochs", "2", "--regularizer", "l2:0.01", "--report",
                   report, "--json"});
        zipml({"quantize", home("train.csv"), "--bits", "4", "-o", "out/n.zq", "--json"});
        zipml({"train", folder_.filePath("out/n.zq"), "--epochs", "2", "--out", "out/n.json", "--model",
               "out/n.model.json", "--json"});
        onlyNames(folder_.filePath("out"));
    }

    /// What a sweep goes on from needs the files, and says where they are.
    void aSweepGoesOn() {
        const QStringList sweep{"sweep",    home("train.csv"), "--epochs",  "1",     "--vary",
                                "bits=2,4", "--out",           "kept.json", "--json"};
        const auto first = zipml(sweep);
        QFile kept(folder_.filePath("kept.json"));
        QVERIFY(kept.open(QIODevice::ReadOnly) && kept.readAll().contains(home("train.csv").toUtf8()));
        QCOMPARE(zipml(sweep), first); // seconds and all: nothing ran again
    }

    /// A record that came along with its data finds them beside itself.
    void aSpecFindsItsDataBesideIt() {
        write("home/beside.json", R"({"data": "train.csv", "test": "test.csv", "epochs": 2})");
        const auto record = zipml({"train", home("beside.json"), "--json"});
        QCOMPARE(record["data"].toObject()["test_rows"].toInt(), 30);
    }

    /// Labels that were a file in training are not those of the rows to predict.
    void predictsAfterLabelsFromAFile() {
        zipml({"train", home("rows.mtx"), "--labels", home("labels.txt"), "--epochs", "2", "--model",
               "labelled.json"});
        const auto made = zipml({"predict", "labelled.json", home("rows.mtx"), "--json"});
        QCOMPARE(made["predictions"].toArray().size(), 60);
    }

  private:
    [[nodiscard]] QString home(const QString& file) const { return folder_.filePath("home/" + file); }

    void write(const QString& name, const QByteArray& text) const {
        QFile file(folder_.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

    static double value(int row, int column) { return std::sin(row * 3.7 + column * 1.3); }
    static QByteArray number(double x) { return QByteArray::number(x, 'g', 9); }
    static double label(int row) { return value(row, 0) - 2 * value(row, 1) + 0.5; }

    static QByteArray table(int begin, int end) {
        QByteArray text = "a,b,c,target\n";
        for (int row = begin; row < end; ++row)
            text += number(value(row, 0)) + "," + number(value(row, 1)) + "," + number(value(row, 2)) + "," +
                    number(label(row)) + "\n";
        return text;
    }
    static QByteArray matrix(int rows) {
        QByteArray text =
            "%%MatrixMarket matrix array real general\n" + QByteArray::number(rows) + " 3\n"; // by columns
        for (int column = 0; column < 3; ++column)
            for (int row = 0; row < rows; ++row)
                text += number(value(row, column)) + "\n";
        return text;
    }
    static QByteArray labels(int rows) {
        QByteArray text;
        for (int row = 0; row < rows; ++row)
            text += number(label(row)) + "\n";
        return text;
    }

    /// Runs it at home, keeps what it prints beside what it writes, and fails with its error.
    QJsonObject zipml(const QStringList& arguments) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("HOME", folder_.filePath("home"));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(folder_.path());
        process.start(test::zipmlProgram(), arguments);
        const auto result = test::resultOf(process);
        if (result.exitCode != 0)
            QTest::qFail(qPrintable(arguments.join(' ') + ": " + result.error), __FILE__, __LINE__);
        if (QDir(folder_.filePath("out")).exists())
            write(QString("out/printed-%1").arg(++printed_), result.out.toUtf8());
        return result.json();
    }

    void onlyNames(const QString& folder) const {
        const auto inUtf16 = [](const QString& text) { // as a PDF's titles
            QByteArray bytes;
            for (const QChar c : text)
                bytes.append(static_cast<char>(c.unicode() >> 8U)).append(static_cast<char>(c.unicode()));
            return bytes;
        };
        int files = 0;
        for (const QFileInfo& info : QDir(folder).entryInfoList(QDir::Files)) {
            QFile file(info.filePath());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            for (const QString& secret :
                 {folder_.path(), QDir::homePath() + "/", QDir::currentPath() + "/", QString("home/")}) {
                const bool clean = !bytes.contains(secret.toUtf8()) && !bytes.contains(inUtf16(secret));
                QVERIFY2(
                    clean,
                    qPrintable(info.fileName() + " holds " + secret + ": ..." +
                               bytes.mid(std::max<qsizetype>(0, bytes.indexOf(secret.toUtf8()) - 60), 160)));
            }
            ++files;
        }
        QVERIFY(files >= 5);
    }

    const QTemporaryDir folder_;
    int printed_ = 0;
};

QTEST_GUILESS_MAIN(CliExportPathsTest)
#include "export_paths_test.moc"
