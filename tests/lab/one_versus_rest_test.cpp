// More than two classes: the models are those of separate runs of one class against the rest, and the class
// is that of the highest score.

#include "core/lab/build_store.h"
#include "core/lab/compute_device.h"
#include "core/lab/one_versus_rest.h"
#include "core/lab/run.h"
#include "core/model/export/format.h"
#include "tests/support/random_data.h"
#include "tests/support/real_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

using namespace zipml;

namespace {

constexpr std::size_t kFeatures = 5;
constexpr int kClasses[] = {2, 3, 5, 9}; ///< labels in the file

RunRecord run(const RunSpec& spec) {
    RunObserver observer;
    RunControl control;
    return runExperiment(spec, observer, control);
}

bool equal(const LinearParameters& a, const LinearParameters& b) {
    return a.intercept == b.intercept && a.weights == b.weights;
}

std::uint64_t sum(const std::vector<std::uint64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

/// Names devices, none of which can be opened.
class NoBackend final : public ComputeBackend {
  public:
    [[nodiscard]] std::string prefix() const override { return "none"; }
    [[nodiscard]] std::vector<ComputeDeviceInfo> list() const override { return {}; }
    [[nodiscard]] std::string nameOf(std::string_view which) const override {
        return "none:" + std::string(which);
    }
    [[nodiscard]] std::unique_ptr<ComputeDevice> open(std::string_view, const Job&) const override {
        throw InputError("there is none");
    }
};

} // namespace

class OneVersusRestTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    /// Rows whose class depends on the features. @param label of a row of class c, an index of kClasses
    template <class Label>
    std::string write(const char* name, std::size_t rows, Label&& label) {
        const auto data = test::randomData(rows, kFeatures, 4);
        const std::string file = folder_.filePath(name).toStdString();
        std::ofstream out(file);
        for (std::size_t row = 0; row < rows; ++row) {
            const auto a = data.row(row);
            const std::size_t c = (a[0] + 0.1F * data.labels[row] > 0 ? 1U : 0U) + (a[1] > a[2] ? 2U : 0U);
            out << label(row, c);
            for (std::size_t f = 0; f < kFeatures; ++f)
                out << ' ' << f + 1 << ':' << a[f];
            out << '\n';
        }
        return file;
    }
    std::string fourClasses() {
        return write("four", 600, [](std::size_t, std::size_t c) { return kClasses[c]; });
    }

    RunSpec specOf(LossKind loss, EstimatorKind estimator) {
        RunSpec spec;
        spec.data.source = fourClasses();
        spec.data.split = 0.7;
        spec.loss = loss;
        spec.estimator = estimator;
        spec.bits = 4;
        spec.sgd.epochs = 3;
        spec.biasDraws = 4;
        spec.biasRows = 50;
        if (isQuadratic(loss))
            spec.data.task = Task::Classification;
        return spec;
    }

    void fails(const RunSpec& spec, const std::vector<std::string>& words) {
        try {
            run(spec);
            QFAIL("nothing was thrown");
        } catch (const InputError& error) {
            for (const auto& word : words)
                QVERIFY2(std::string(error.what()).find(word) != std::string::npos, error.what());
        }
    }

  private slots:
    void modelsAreThoseOfSeparateRuns_data() {
        QTest::addColumn<int>("loss");
        QTest::addColumn<int>("estimator");
        for (const auto& loss : namesOf<LossKind>())
            for (const auto& estimator : namesOf<EstimatorKind>())
                if (whyNotWith(estimator.value, loss.value).empty())
                    QTest::addRow("%s %s", loss.name.data(), estimator.name.data())
                        << static_cast<int>(loss.value) << static_cast<int>(estimator.value);
    }
    void modelsAreThoseOfSeparateRuns() {
        QFETCH(int, loss);
        QFETCH(int, estimator);
        auto spec = specOf(static_cast<LossKind>(loss), static_cast<EstimatorKind>(estimator));
        for (const auto rounding : {RoundingTime::Frozen, RoundingTime::Epoch}) {
            spec.data.source = fourClasses();
            spec.sgd.rounding = rounding;
            spec.sgd.tailAverage = rounding == RoundingTime::Epoch ? 0.5 : 0.0;
            const auto all = run(spec);
            QCOMPARE(all.status, RunStatus::Completed);
            QCOMPARE(all.model.perClass.size(), std::size(kClasses));
            QCOMPARE(all.model.classLabels, std::vector<double>(std::begin(kClasses), std::end(kClasses)));
            const auto& last = all.epochs.back();
            double trainLoss = 0;
            double testLoss = 0;
            double squaredBias = 0;
            std::uint64_t bytes = all.setup.codebookBytes;
            for (std::size_t c = 0; c < std::size(kClasses); ++c) {
                spec.data.source =
                    write("one", 600, [&](std::size_t, std::size_t own) { return own == c ? 1 : 0; });
                const auto one = run(spec);
                QVERIFY(equal(one.model.parameters, all.model.perClass[c]));
                const auto& end = one.epochs.back();
                trainLoss += end.trainLoss / std::size(kClasses);
                testLoss += *end.testLoss / std::size(kClasses);
                squaredBias += *end.biasNorm * *end.biasNorm;
                bytes += end.bytesMoved - one.setup.codebookBytes;
                if (c > 0 && all.setup.kernels.ends_with(
                                 "all classes in one pass")) // their samples were read with the first one's
                    bytes -= one.setup.storeBytes * static_cast<std::uint64_t>(spec.sgd.epochs);
                QCOMPARE(one.setup.storeBytes, all.setup.storeBytes); // one store for all
            }
            QVERIFY(std::abs(last.trainLoss / trainLoss - 1) < 1e-12);
            QVERIFY(std::abs(*last.testLoss / testLoss - 1) < 1e-12);
            QVERIFY(std::abs(*last.biasNorm - std::sqrt(squaredBias)) <= 1e-12);
            QCOMPARE(last.bytesMoved, bytes);
        }
    }

    void anyPrecisionIsSharedToo() {
        auto spec = specOf(LossKind::Logistic, EstimatorKind::Naive);
        spec.store = StoreKind::AnyPrecision;
        const auto all = run(spec);
        spec.data.source = write("one", 600, [](std::size_t, std::size_t own) { return own == 2 ? 1 : 0; });
        QVERIFY(equal(run(spec).model.parameters, all.model.perClass[2]));
    }

    // The saved model predicts, from the raw rows, what the record says.
    void accuracyIsThatOfTheHighestScore() {
        auto spec = specOf(LossKind::Logistic, EstimatorKind::Nearest);
        spec.data.split = 1;
        spec.data.test = write("test", 300, [](std::size_t, std::size_t c) { return kClasses[c]; });
        const auto record = run(spec);
        const std::string file = folder_.filePath("model.json").toStdString();
        writeModel(record.model, file);
        const LinearModel model = readModel(file);
        const Dataset test = loadData(spec.data.test, {}, {}, {}).data;
        const auto scores = predict(model, test);
        QCOMPARE(scores.size(), test.rows * 4);
        const auto labels = labelsOf(model, scores);
        Confusion confusion(4, std::vector<std::uint64_t>(4));
        std::size_t right = 0;
        for (std::size_t row = 0; row < test.rows; ++row) {
            const auto index = [](double label) {
                return static_cast<std::size_t>(std::ranges::find(kClasses, static_cast<int>(label)) -
                                                std::begin(kClasses));
            };
            for (std::size_t c = 0; c < 4; ++c)
                QVERIFY(scores[row * 4 + c] <= scores[row * 4 + index(labels[row])]);
            ++confusion[index(test.labels[row])][index(labels[row])];
            right += labels[row] == double{test.labels[row]} ? 1U : 0U;
        }
        const double accuracy = static_cast<double>(right) / static_cast<double>(test.rows);
        QCOMPARE(*record.epochs.back().testAccuracy, accuracy);
        QVERIFY2(accuracy > 0.8, qPrintable(QString::number(accuracy)));
        QVERIFY(record.confusion == confusion);
        const auto json = toJson(record);
        QCOMPARE(json["confusion"]["rows"].get<std::string>(), std::string("test"));
        QCOMPARE(json["model"]["classes"].size(), std::size_t{4});
        QCOMPARE(json["final"]["accuracy"].get<double>(), accuracy);
        std::uint64_t rows = 0;
        for (const auto& row : confusion)
            rows += sum(row);
        QCOMPARE(rows, test.rows);
    }

    void threadsChangeNothing() {
        auto spec = specOf(LossKind::Hinge, EstimatorKind::Refetch);
        spec.threads = 1;
        const auto one = run(spec);
        spec.threads = 3;
        const auto three = run(spec);
        for (std::size_t c = 0; c < std::size(kClasses); ++c)
            QVERIFY(equal(one.model.perClass[c], three.model.perClass[c]));
        QCOMPARE(one.epochs.back().trainLoss, three.epochs.back().trainLoss);
        QCOMPARE(one.epochs.back().refetchRate, three.epochs.back().refetchRate);
    }

    void modelFilesAreCheckedAndOtherFormatsSayTwo() {
        const auto model = run(specOf(LossKind::Logistic, EstimatorKind::Full)).model;
        const auto json = toJson(model);
        const auto read = modelFromJson(json, "m");
        for (std::size_t c = 0; c < std::size(kClasses); ++c)
            QVERIFY(equal(read.perClass[c], model.perClass[c]));
        auto fewer = json;
        fewer["classes"].erase(0);
        QVERIFY_EXCEPTION_THROWN(modelFromJson(fewer, "m"), InputError);
        auto shorter = json;
        shorter["classes"][1]["weights"].erase(0);
        QVERIFY_EXCEPTION_THROWN(modelFromJson(shorter, "m"), InputError);
        for (const auto& format : modelFormats()) {
            const std::string file = folder_.filePath("exported").toStdString();
            if (format.manyClasses) {
                QVERIFY(exportModel(model, format, {}, file) > 0);
                continue;
            }
            try {
                exportModel(model, format, {}, file);
                QFAIL(format.name.data());
            } catch (const InputError& error) {
                QVERIFY2(std::string(error.what()).find("two classes") != std::string::npos, error.what());
            }
        }
    }

    void whatHasNoManyClassesSaysSo() {
        auto spec = specOf(LossKind::Logistic, EstimatorKind::Naive);
        addComputeBackend(std::make_unique<NoBackend>());
        spec.device = "none:0";
        fails(spec, {"none:0", "two classes", "has 4"});
        spec.device = "cpu";
        spec.data.source = write("halves", 300, [](std::size_t, std::size_t c) { return kClasses[c] + 0.5; });
        fails(spec, {"halves", "whole numbers", "least-squares"});
        spec.data.split = 1;
        spec.data.source = write("many", 300, [](std::size_t row, std::size_t) { return row % 101; });
        fails(spec, {"many", "more than 100", "least-squares"});
        spec.loss = LossKind::LeastSquares; // a regression
        QVERIFY(run(spec).model.perClass.empty());
        spec.data.source = fourClasses();
        spec.data.task = Task::Classification;
        QVERIFY_EXCEPTION_THROWN(buildStoreFile(spec, folder_.filePath("four.zq").toStdString(), {}),
                                 InputError);
    }

    void classesThatTheTestRowsLackAreNamed() {
        auto spec = specOf(LossKind::Logistic, EstimatorKind::Full);
        spec.data.split = 1;
        spec.data.test = write("two", 100, [](std::size_t row, std::size_t) { return row % 2 == 0 ? 3 : 9; });
        const auto record = run(spec);
        QVERIFY2(record.setup.notes.at(0).find("none of the class 2.0, 5.0") != std::string::npos,
                 record.setup.notes.at(0).c_str());
        QCOMPARE(sum(record.confusion[0]) + sum(record.confusion[2]), std::uint64_t{0});
    }

    // Of 10 digits, chance is 10%; one-versus-rest reaches above 90%, and 8 bits as much as full precision.
    void digits() {
        NEEDS_REAL_DATA("digits.csv.gz");
        RunSpec spec;
        spec.data.source = (test::dataFolder() / "digits.csv.gz").string();
        spec.data.split = 0.8;
        spec.bits = 8;
        spec.sgd.epochs = 20;
        spec.biasDraws = 0;
        for (const LossKind loss : {LossKind::Logistic, LossKind::Hinge, LossKind::SquaredHinge}) {
            spec.loss = loss;
            spec.estimator = EstimatorKind::Full;
            const double full = *run(spec).epochs.back().testAccuracy;
            QVERIFY2(full > 0.9, qPrintable(QString::number(full)));
            for (const EstimatorKind estimator : {EstimatorKind::Nearest, EstimatorKind::Double}) {
                spec.estimator = estimator;
                const double rounded = *run(spec).epochs.back().testAccuracy;
                QVERIFY2(std::abs(rounded - full) <= 0.01, qPrintable(QString::number(rounded)));
            }
        }
    }
};

QTEST_GUILESS_MAIN(OneVersusRestTest)
#include "one_versus_rest_test.moc"
