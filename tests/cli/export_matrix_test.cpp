// What a model predicts is the same wherever its ONNX file is run: 24 models, which between them have every
// scaling, loss, offset, width, lowest level and number of classes, against `zipml predict`. What needs programs
// that ./dev test does not install is tried by tests/model/export/check_elsewhere.py, by hand.

#include "core/model/export/integer_weights.h"
#include "core/quant/grid_spec.h"
#include "tests/support/exported_model.h"
#include "tests/support/random_data.h"
#include "tests/support/zipml_process.h"

using namespace zipml;
using test::runZipml;

namespace {

constexpr std::size_t kRows = 300, kFeatures = 11; // odd: the last of packed weights stands alone
constexpr int kModels = 24;

struct Case {
    QString name, scaling, loss, regularizer, grid;
    int bits = 32, classes = 0; ///< 0: a regression
    bool far = false, named = false, packed = false;

    [[nodiscard]] QString data() const {
        return QString("%1%2%3.csv").arg(classes).arg(far ? "-far" : "", named ? "-named" : "");
    }
};

Case caseOf(int i) {
    const QStringList scalings{"standard", "minmax", "unit", "max-abs", "row-unit", "none"};
    const QStringList losses{"logistic", "least-squares", "hinge", "squared-hinge", "ls-svm"};
    constexpr int kBits[] = {32, 8, 4, 2, 1};
    Case one;
    one.scaling = scalings[i % 6];
    one.loss = losses[i % 5];
    one.bits = kBits[(i + i / 5) % 5];
    one.classes = one.loss == "least-squares" ? 0 : i % 2 == 0 ? 2 : 10;
    one.far = (i / 2 + i / 8) % 2 == 1;
    one.named = one.classes > 0 && (i / 3) % 2 == 1;
    one.regularizer = (i / 4) % 2 == 0 ? "none" : "box:0,100"; // the lowest level is 0
    one.grid = one.bits < 32 && one.bits > 1 && (i % 4 == 2 || i % 8 == 3) ? "optimal" : "uniform";
    one.packed = one.bits <= 4 && i % 3 != 0;
    one.name = QString("%1 %2, %3, %4 classes%5, %6 bits%7, %8%9")
                   .arg(QString::number(i + 1), one.scaling, one.loss, QString::number(one.classes),
                        one.named ? " with names" : "", QString::number(one.bits),
                        one.packed ? " packed" : "", one.regularizer, one.far ? ", around 1e6" : "");
    return one;
}

/// Rows whose label depends on the features, which lie around 0 or 1e6 in unlike widths.
void writeData(const Case& one, const QString& file) {
    const Dataset noise = test::randomData(kRows, kFeatures, 5);
    const Dataset forms = test::randomData(10, kFeatures, 6);
    std::ofstream out(file.toStdString());
    out.precision(17);
    for (std::size_t f = 0; f < kFeatures; ++f)
        out << "x" << f << ",";
    out << "label\n";
    for (std::size_t r = 0; r < kRows; ++r) {
        std::vector<double> scores(10);
        for (std::size_t f = 0; f < kFeatures; ++f) {
            const double value = noise.row(r)[f];
            out << (one.far ? 1e6 : 0) + value * (f % 3 == 0 ? 4 : 1) << ',';
            for (std::size_t k = 0; k < scores.size(); ++k)
                scores[k] += value * forms.row(k)[f];
        }
        const auto label = one.classes == 2 ? std::ptrdiff_t{scores[0] + noise.labels[r] > 0}
                                            : std::ranges::max_element(scores) - scores.begin();
        if (one.classes == 0)
            out << scores[0] + noise.labels[r] << '\n';
        else
            out << (one.named ? "class " : "") << label << '\n';
    }
}

void writeNumbers(const std::vector<double>& values, const QString& file) {
    std::ofstream out(file.toStdString(), std::ios::binary);
    out.write(reinterpret_cast<const char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(double)));
}

/// The features as a program would read them from the file.
std::vector<double> featuresOf(const QString& file) {
    std::ifstream in(file.toStdString());
    std::vector<double> values;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        const char* at = line.c_str();
        for (std::size_t f = 0; f < kFeatures; ++f) {
            char* end = nullptr;
            values.push_back(std::strtod(at, &end));
            at = end + 1;
        }
    }
    return values;
}

void append(std::vector<double>& values, const QJsonValue& value) {
    if (!value.isArray())
        values.push_back(value.toDouble());
    for (const auto& one : value.toArray())
        append(values, one);
}

/// With the weights that an export of so many bits has.
void roundWeights(const QString& file, const Case& one, const QString& to) {
    LinearModel model = readModel(file.toStdString());
    const auto round = [&](LinearParameters& parameters) {
        auto& weights = parameters.weights;
        const auto stored = exported::quantizeWeights({weights.data(), kFeatures}, one.bits,
                                                      parseGrid(one.grid.toStdString()));
        for (Eigen::Index f = 0; f < weights.size(); ++f)
            weights[f] = stored.grid.level(stored.codes[static_cast<std::size_t>(f)]);
    };
    if (one.bits < 32) {
        round(model.parameters);
        std::ranges::for_each(model.perClass, round);
    }
    writeModel(model, to.toStdString());
}

} // namespace

class ExportMatrixTest : public QObject {
    Q_OBJECT
    const QTemporaryDir temporary_;
    /// ZIPML_MATRIX_DIR keeps the models and what they should predict, for check_elsewhere.py.
    const QDir folder_{qEnvironmentVariable("ZIPML_MATRIX_DIR", temporary_.path())};
    QJsonObject measured_; ///< by model and by what ran it

    void runs(QStringList arguments) {
        const auto result = runZipml(arguments, folder_.path());
        QVERIFY2(result.exitCode == 0, qPrintable(arguments.join(' ') + ": " + result.error));
    }

    QJsonObject jobOf(int i) {
        const Case one = caseOf(i);
        const auto at = [&](const QString& name) { return folder_.filePath(QString::number(i) + name); };
        const QString data = folder_.filePath(one.data());
        if (!QFile::exists(data))
            writeData(one, data);
        runs({"train", data, "--scaling", one.scaling, "--loss", one.loss, "--regularizer", one.regularizer,
              "--estimator", "full", "--epochs", "4", "--bias-draws", "0", "--threads", "1", "--model",
              at("m.json"), "--json"});
        QStringList exports{"export", at("m.json"), "-o", at("m.onnx"), "--bits", QString::number(one.bits)};
        if (one.grid != "uniform")
            exports += {"--grid", one.grid};
        if (one.packed)
            exports += "--packed";
        runs(exports);
        roundWeights(at("m.json"), one, at("rounded.json"));
        const auto predicted = runZipml({"predict", at("rounded.json"), data, "--json"}, folder_.path());
        const QJsonObject result = predicted.json();
        QJsonObject job{{"name", one.name}, {"model", at("m.onnx")}, {"input", at("input")}};
        writeNumbers(featuresOf(data), at("input"));
        for (const auto& [key, from] : {std::pair{"score", one.classes == 0 ? "predictions" : "scores"},
                                        std::pair{"probabilities", "probabilities"}}) {
            if (!result.contains(from))
                continue;
            std::vector<double> values;
            append(values, result[from]);
            writeNumbers(values, at(key));
            job[key] = at(key);
        }
        if (one.classes > 0)
            job["label"] = result["predictions"];
        return job;
    }

  private slots:
    void initTestCase() {
        NEEDS_PYTHON_ENVIRONMENT();
        NEEDS_PYTHON_MODULE("onnx");
        QJsonArray jobs;
        for (int i = 0; i < kModels; ++i) {
            jobs.append(jobOf(i));
            if (QTest::currentTestFailed())
                return;
        }
        QFile list(folder_.filePath("jobs.json"));
        QVERIFY(list.open(QIODevice::WriteOnly));
        list.write(QJsonDocument(jobs).toJson());
        list.close();
        QProcess python;
        python.start(test::python(),
                     {test::sourceFile("tests/model/export/run_onnx_everywhere.py"), list.fileName()});
        const auto result = test::resultOf(python);
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        measured_ = result.json();
    }

    void everyRuntimePredictsTheSame_data() {
        QTest::addColumn<QString>("name");
        for (int i = 0; i < kModels; ++i)
            QTest::newRow(qPrintable(caseOf(i).name)) << caseOf(i).name;
    }
    void everyRuntimePredictsTheSame() {
        QFETCH(QString, name);
        QVERIFY(measured_.contains(name));
        const QJsonObject runtimes = measured_[name].toObject();
        QCOMPARE(runtimes.keys(), (QStringList{"default", "reference", "unoptimized"}));
        for (const QString& runtime : runtimes.keys()) {
            const QJsonObject found = runtimes[runtime].toObject();
            qInfo("%s: %s", qPrintable(runtime), QJsonDocument(found).toJson(QJsonDocument::Compact).data());
            QVERIFY(found["score"].toDouble(1) <= 1e-6);
            QVERIFY(found["probabilities"].toDouble(0) <= 1e-6);
            QCOMPARE(found["labels_differ"].toInt(), 0);
        }
    }
};

QTEST_GUILESS_MAIN(ExportMatrixTest)
#include "export_matrix_test.moc"
