#include "core/loss/class_probabilities.h"
#include "tests/support/exported_model.h"
#include "tests/support/random_data.h"

#include <QStandardPaths>

#include <set>

using namespace zipml;

namespace {

/// LIBSVM text; every value is written, so that LIBLINEAR sees what we do.
void writeLibsvm(const Dataset& data, const QString& file) {
    std::ofstream out(file.toStdString());
    char text[48];
    for (std::size_t r = 0; r < data.rows; ++r) {
        std::snprintf(text, sizeof text, "%.9g", double{data.labels[r]});
        out << text;
        for (std::size_t f = 0; f < data.features; ++f) {
            if (data.row(r)[f] == 0)
                continue;
            std::snprintf(text, sizeof text, " %zu:%.9g", f + 1, double{data.row(r)[f]});
            out << text;
        }
        out << '\n';
    }
}

std::vector<double> readLines(const QString& file) {
    std::ifstream in(file.toStdString());
    std::vector<double> values;
    for (double value = 0; in >> value;)
        values.push_back(value);
    return values;
}

} // namespace

class LiblinearTest : public QObject {
    Q_OBJECT
  private slots:
    void predictsTheSame_data() { test::addRealModels(false); }
    void predictsTheSame() {
        QFETCH(QString, name);
        QFETCH(int, scaling);
        NEEDS_REAL_DATA(name.toStdString());
        const QString program = QStandardPaths::findExecutable("liblinear-predict");
        if (program.isEmpty())
            QSKIP("there is no liblinear-predict; ./dev test installs liblinear-tools");
        const QTemporaryDir folder;
        const auto real = test::trainedOn(name.toStdString(), static_cast<ScalingKind>(scaling));
        QVERIFY(real.raw.rows >= 10'000);
        exportModel(real.model, modelFormat("liblinear"), {}, folder.filePath("m.model").toStdString());
        writeLibsvm(real.raw, folder.filePath("rows"));
        const QString error = test::run(
            program, {folder.filePath("rows"), folder.filePath("m.model"), folder.filePath("predictions")});
        QVERIFY2(error.isEmpty(), qPrintable(error));
        const auto predicted = readLines(folder.filePath("predictions"));
        QCOMPARE(predicted.size(), real.raw.rows);
        if (real.model.task == Task::Regression) {
            const double difference = test::largestDifference(predicted, real.scores);
            qInfo("%zu rows, largest difference %.2g", real.raw.rows, difference);
            QVERIFY2(difference <= 1e-5, qPrintable(QString::number(difference)));
            return;
        }
        // A score within float32's rounding of 0 may fall on either side.
        std::size_t different = 0;
        for (std::size_t r = 0; r < predicted.size(); ++r)
            if (predicted[r] != test::labelOf(real.model, real.scores[r])) {
                ++different;
                QVERIFY(std::abs(real.scores[r]) <= 1e-5);
            }
        qInfo("%zu rows, %zu labels differ", predicted.size(), different);
    }

    // Of 2 and of 10 classes, with -b 1 where scores are log odds.
    void probabilitiesAndClassesAreTheSame_data() {
        QTest::addColumn<int>("classes");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("solver");
        for (const int classes : {2, 3, 10}) {
            QTest::addRow("logistic, %d", classes) << classes << "logistic"
                                                   << "L2R_LR";
            QTest::addRow("hinge, %d", classes) << classes << "hinge"
                                                << "L2R_L1LOSS_SVC_DUAL";
            QTest::addRow("squared hinge, %d", classes) << classes << "squared-hinge"
                                                        << "L2R_L2LOSS_SVC";
            QTest::addRow("LS-SVM, %d", classes) << classes << "ls-svm"
                                                 << "L2R_L2LOSS_SVC";
        }
    }
    void probabilitiesAndClassesAreTheSame() {
        QFETCH(int, classes);
        QFETCH(QString, loss);
        QFETCH(QString, solver);
        const QString program = QStandardPaths::findExecutable("liblinear-predict");
        if (program.isEmpty())
            QSKIP("there is no liblinear-predict; ./dev test installs liblinear-tools");
        constexpr std::size_t kFeatures = 7;
        LinearModel model = test::anyModel(kFeatures, classes);
        model.spec["loss"] = loss.toStdString();
        for (std::size_t k = 0; k < model.perClass.size(); ++k) // so that each class is one row's
            model.perClass[k].weights[static_cast<Eigen::Index>(k % kFeatures)] +=
                3 * (k < kFeatures ? 1 : -1);
        model.classLabels.back() = 77;
        const Dataset rows = test::randomData(2000, kFeatures, 3);
        const QTemporaryDir folder;
        exportModel(model, modelFormat("liblinear"), {}, folder.filePath("m.model").toStdString());
        QFile text(folder.filePath("m.model"));
        QVERIFY(text.open(QIODevice::ReadOnly));
        QCOMPARE(QString(text.readLine()).trimmed(), "solver_type " + solver);
        writeLibsvm(rows, folder.filePath("rows"));
        const bool odds = loss == "logistic";
        const QString error =
            test::run(program, QStringList{"-b", odds ? "1" : "0", folder.filePath("rows"),
                                           folder.filePath("m.model"), folder.filePath("predictions")});
        QVERIFY2(error.isEmpty(), qPrintable(error));

        const auto scores = predict(model, rows);
        const auto labels = labelsOf(model, scores);
        const auto probabilities = probabilitiesOf(model, scores);
        QCOMPARE(probabilities.size(), odds ? rows.rows * static_cast<std::size_t>(classes) : 0);
        QFile predictions(folder.filePath("predictions"));
        QVERIFY(predictions.open(QIODevice::ReadOnly));
        QStringList order; // of the columns: labels 0 1 77
        if (odds)
            order = QString(predictions.readLine()).trimmed().split(' ').mid(1);
        std::set<double> seen;
        double largest = 0;
        for (std::size_t r = 0; r < rows.rows; ++r) {
            const QStringList line = QString(predictions.readLine()).trimmed().split(' ');
            QCOMPARE(line[0].toDouble(), labels[r]);
            seen.insert(labels[r]);
            for (int c = 0; c < order.size(); ++c) {
                const auto at =
                    std::ranges::find(model.classLabels, order[c].toDouble()) - model.classLabels.begin();
                const double own = probabilities[r * model.classLabels.size() + static_cast<std::size_t>(at)];
                largest = std::max(largest, std::abs(line[c + 1].toDouble() - own));
            }
        }
        QCOMPARE(seen.size(), model.classLabels.size());
        QVERIFY2(largest <= 1e-6, qPrintable(QString::number(largest)));
    }

    // 0 is the class of positive scores in the lab; LIBLINEAR takes its first class above 0 alone.
    void aScoreOfZeroIsTheSameClass() {
        const QString program = QStandardPaths::findExecutable("liblinear-predict");
        if (program.isEmpty())
            QSKIP("there is no liblinear-predict; ./dev test installs liblinear-tools");
        LinearModel model;
        model.parameters = {0, Eigen::VectorXd::Ones(2)};
        model.scaling = {ScalingKind::None, {0, 0}, {1, 1}};
        model.task = Task::Classification;
        model.classLabels = {3, 8};
        const QTemporaryDir folder;
        exportModel(model, modelFormat("liblinear"), {}, folder.filePath("m.model").toStdString());
        std::ofstream(folder.filePath("rows").toStdString()) << "3 1:1\n8 1:-1\n8\n3 1:2 2:-2\n";
        const QString error = test::run(
            program, {folder.filePath("rows"), folder.filePath("m.model"), folder.filePath("predictions")});
        QVERIFY2(error.isEmpty(), qPrintable(error));
        QCOMPARE(readLines(folder.filePath("predictions")), (std::vector<double>{8, 3, 8, 8}));
    }

    void saysWhatItCannotHold() {
        LinearModel model;
        model.parameters = {0, Eigen::VectorXd::Ones(2)};
        model.scaling = {ScalingKind::RowUnit, {0, 0}, {1, 1}};
        const QTemporaryDir folder;
        const auto file = folder.filePath("m.model").toStdString();
        QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat("liblinear"), {}, file), InputError);
        model.scaling.kind = ScalingKind::None;
        model.task = Task::Classification;
        model.classLabels = {0.5, 1};
        QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat("liblinear"), {}, file), InputError);
        QVERIFY(!std::filesystem::exists(file));
    }
};

QTEST_GUILESS_MAIN(LiblinearTest)
#include "liblinear_test.moc"
