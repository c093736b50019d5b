#include "core/model/import/read_model.h"
#include "tests/support/exported_model.h"

#include <QStandardPaths>

#include <random>

using namespace zipml;

namespace {

/// Rows of `features` values whose label is a class, 0 to classes - 1, or a number where classes is 0.
void writeRows(const QString& file, int classes) {
    constexpr int kRows = 400, kFeatures = 6;
    std::mt19937 random(7);
    std::ofstream out(file.toStdString());
    for (int r = 0; r < kRows; ++r) {
        double values[kFeatures], sum = 0;
        for (int f = 0; f < kFeatures; ++f) {
            values[f] = static_cast<double>(random() % 2001) / 1000 - 1;
            sum += values[f] * (f - 2);
        }
        const int of =
            classes == 0 ? 0 : std::clamp(static_cast<int>((sum + 3) / 6 * classes), 0, classes - 1);
        out << (classes == 0 ? sum + 0.25 : of * 3 - 4);
        for (int f = 0; f < kFeatures; ++f)
            if (values[f] > -0.8) // sparse
                out << ' ' << f + 1 << ':' << values[f];
        out << '\n';
    }
}

/// By how much the score of the predicted class leads: values are float32 here, so that a lead of 0 may fall on
/// either side.
double lead(const LinearModel& model, const std::vector<double>& scores, std::size_t row) {
    if (model.perClass.empty())
        return std::abs(scores[row]);
    const auto classes = static_cast<std::ptrdiff_t>(model.perClass.size());
    std::vector<double> own(scores.begin() + static_cast<std::ptrdiff_t>(row) * classes,
                            scores.begin() + static_cast<std::ptrdiff_t>(row + 1) * classes);
    std::ranges::sort(own, std::greater<>());
    return own[0] - own[1];
}

std::vector<double> readLines(const QString& file) {
    std::ifstream in(file.toStdString());
    std::vector<double> values;
    for (double value = 0; in >> value;)
        values.push_back(value);
    return values;
}

} // namespace

class ImportLiblinearTest : public QObject {
    Q_OBJECT
  private slots:
    void predictsAsLiblinearDoes_data() {
        QTest::addColumn<int>("solver");
        QTest::addColumn<int>("classes");
        QTest::addColumn<QString>("bias");
        for (const QString bias : {"-1", "1", "2.5"}) {
            for (const int solver : {0, 1, 2, 3, 4, 5, 6, 7})
                for (const int classes : {2, 3})
                    QTest::addRow("solver %d, %d classes, bias %s", solver, classes, qPrintable(bias))
                        << solver << classes << bias;
            for (const int solver : {11, 12, 13})
                QTest::addRow("solver %d, bias %s", solver, qPrintable(bias)) << solver << 0 << bias;
        }
    }
    void predictsAsLiblinearDoes() {
        QFETCH(int, solver);
        QFETCH(int, classes);
        QFETCH(QString, bias);
        if (QStandardPaths::findExecutable("liblinear-train").isEmpty())
            QSKIP("there is no liblinear-train; ./dev test installs liblinear-tools");
        const QTemporaryDir folder;
        const auto in = [&](const char* name) { return folder.filePath(name); };
        writeRows(in("rows.svm"), classes);
        QString error = test::run("liblinear-train", {"-q", "-s", QString::number(solver), "-B", bias,
                                                      in("rows.svm"), in("m.model")});
        QVERIFY2(error.isEmpty(), qPrintable(error));
        error = test::run("liblinear-predict", {in("rows.svm"), in("m.model"), in("predictions")});
        QVERIFY2(error.isEmpty(), qPrintable(error));
        const auto expected = readLines(in("predictions"));

        const LinearModel model = readAnyModel(in("m.model").toStdString());
        LoadOptions options;
        options.format = "libsvm";
        const Dataset rows = loadData(in("rows.svm").toStdString(), options).data;
        const auto scores = predict(model, rows);
        const auto labels = labelsOf(model, scores);
        QCOMPARE(labels.size(), expected.size());
        for (std::size_t r = 0; r < labels.size(); ++r)
            if (classes == 0)
                QVERIFY(std::abs(labels[r] - expected[r]) <= 1e-5 * std::max(1.0, std::abs(expected[r])));
            else
                QVERIFY2(labels[r] == expected[r] || lead(model, scores, r) < 1e-6,
                         qPrintable(QString("row %1: %2").arg(r).arg(lead(model, scores, r))));
    }

    /// What the lab writes comes back.
    void roundTrip() {
        LinearModel model;
        model.parameters = {0.5, Eigen::Vector3d(1, -2, 1.0 / 3)};
        model.scaling = {ScalingKind::Standard, {1, 2, 3}, {2, 0.5, 1}};
        model.task = Task::Classification;
        model.classLabels = {-1, 4};
        const QTemporaryDir folder;
        const auto file = folder.filePath("m.model").toStdString();
        exportModel(model, modelFormat("liblinear"), {}, file);
        const LinearModel back = readAnyModel(file);
        Dataset rows;
        rows.rows = 2;
        rows.features = 3;
        rows.values = {0, 0, 0, 7, -5, 2};
        const auto scores = predict(model, rows), again = predict(back, rows);
        for (std::size_t r = 0; r < 2; ++r)
            QVERIFY(std::abs(scores[r] - again[r]) < 1e-6);
        QCOMPARE(labelsOf(back, again), labelsOf(model, scores));
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("where");
        const QByteArray head = "solver_type L2R_LR\nnr_class 2\nlabel 1 -1\nnr_feature 2\nbias -1\nw\n";
        QTest::newRow("cut short") << head + "1 \n"
                                   << ":8:";
        QTest::newRow("no number") << head + "1 \nx \n"
                                   << ":8: 'x'";
        QTest::newRow("infinite") << head + "1 \ninf \n"
                                  << ":8:";
        QTest::newRow("a weight is missing")
            << QByteArray(head).replace("2\nlabel 1 -1", "3\nlabel 1 2 3") + "1 2 3\n1 2\n"
            << ":8:";
        QTest::newRow("solver") << QByteArray(head).replace("L2R_LR", "ONECLASS_SVM") << ":1:";
        QTest::newRow("labels") << QByteArray(head).replace("label 1 -1", "label 1") << ":6:";
        QTest::newRow("features") << QByteArray(head).replace("nr_feature 2", "nr_feature -2") << ":4:";
        QTest::newRow("endless features")
            << QByteArray(head).replace("nr_feature 2", "nr_feature 1e30") << ":4:";
        QTest::newRow("unknown key") << QByteArray(head).replace("bias -1", "colour 3") << ":5: 'colour'";
        QTest::newRow("another file") << QByteArray("1 1:2 2:3\n") << "zipml train --model writes a model";
        QTest::newRow("empty") << QByteArray() << "zipml train --model writes a model";
    }
    void saysWhatIsWrong() {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        const QTemporaryDir folder;
        const QString file = folder.filePath("m");
        std::ofstream(file.toStdString()) << text.toStdString();
        try {
            (void)readAnyModel(file.toStdString());
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QString(error.what()).contains(where), error.what());
        }
    }
};

QTEST_GUILESS_MAIN(ImportLiblinearTest)
#include "liblinear_test.moc"
