#include "tests/support/exported_model.h"

#include <QStandardPaths>

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
