// A store in a file: what a streaming build writes, and what training on it gives, held against the same in
// memory.

#include "core/base/file.h"
#include "core/lab/build_store.h"
#include "core/lab/levels_for.h"
#include "core/lab/run.h"
#include "core/lab/store_run.h"
#include "core/quant/build_grids.h"
#include "core/quant/tile_window.h"
#include "tests/support/random_data.h"
#include "tests/support/real_data.h"

#include <QTemporaryDir>

#include <cmath>

using namespace zipml;

namespace {

/// A table of normal features and a label that follows them; a LIBSVM file leaves zeros out.
std::string textOf(std::size_t rows, std::size_t features, bool libsvm, bool classes) {
    const Dataset data = test::randomData(rows, features, 9);
    std::string text;
    for (std::size_t r = 0; r < rows; ++r) {
        float sum = 0.3F * data.labels[r];
        std::string line;
        for (std::size_t f = 0; f < features; ++f) {
            const float value = data.row(r)[f];
            sum += value / static_cast<float>(f + 1);
            if (!libsvm)
                line += "," + std::to_string(value);
            else if (std::abs(value) > 1 && (f < features / 2 || r > rows / 2)) // rows become wider
                line += " " + std::to_string(f + 1) + ":" + std::to_string(value);
        }
        text += (classes ? (sum > 0 ? "2" : "1") : std::to_string(sum)) + line + "\n";
    }
    return text;
}

RunSpec specFor(const std::string& source) {
    RunSpec spec;
    spec.data.source = source;
    spec.data.load.labelColumn = "first";
    spec.bits = 4;
    spec.biasDraws = 0;
    spec.sgd.epochs = 3;
    spec.sgd.step = 0.02;
    return spec;
}

/// Codes, labels and variances are those that a run in memory would have.
void compareWithMemory(const RunSpec& spec, const std::filesystem::path& file) {
    const auto data = prepareData(spec, {});
    ThreadTeam team(1);
    const auto grids = levelsFor(data->situation(spec), team, {}).grids;
    SampleStore store(data->train.rows, grids,
                      {spec.bits, copiesOf(spec), estimatorOf(spec.estimator).rounding, spec.seed});
    store.build(data->train, 0, team);
    const StoreFile read(file);
    QCOMPARE(read.header().rows, data->train.rows);
    QCOMPARE(read.header().levelRows, data->train.rows);
    QCOMPARE(read.header().scaling.offset, data->scaling.offset);
    QCOMPARE(read.header().scaling.factor, data->scaling.factor);
    QCOMPARE(read.header().classLabels, data->classLabels);
    QVERIFY(std::ranges::equal(read.labels(), data->train.labels));
    QCOMPARE(read.moments().variance, meanRoundingVariance(data->train, grids, team));
    TileWindow window(read);
    window.move(0, store.tiles(), 0, 0);
    QVERIFY(std::equal(store.packed().begin(), store.packed().end(), window.tile(0)));
}

RunRecord trainStore(RunSpec spec, const std::string& file, std::size_t windowBytes = kWindowBytes) {
    spec.data.source = file;
    RunObserver observer;
    RunControl control;
    return runFromStore(spec, observer, control, windowBytes);
}

RunRecord trainMemory(const RunSpec& spec) {
    RunObserver observer;
    RunControl control;
    return runExperiment(spec, observer, control);
}

bool equal(const RunRecord& a, const RunRecord& b) {
    return a.model.parameters.intercept == b.model.parameters.intercept &&
           a.model.parameters.weights == b.model.parameters.weights;
}

bool near(const RunRecord& a, const RunRecord& b) {
    LinearParameters difference = a.model.parameters;
    difference -= b.model.parameters;
    return difference.norm() <= 1e-5 * b.model.parameters.norm();
}

} // namespace

class StoreRunTest : public QObject {
    Q_OBJECT
  private slots:
    void streamingPacksWhatMemoryHolds_data() {
        QTest::addColumn<QString>("grid");
        QTest::addColumn<QString>("scaling");
        QTest::addColumn<QString>("estimator");
        QTest::addColumn<bool>("libsvm");
        QTest::addColumn<bool>("classes");
        QTest::newRow("uniform") << "uniform"
                                 << "standard"
                                 << "double" << false << false;
        QTest::newRow("optimal") << "optimal"
                                 << "minmax"
                                 << "corrected" << false << true;
        QTest::newRow("quantile, libsvm") << "quantile"
                                          << "max-abs"
                                          << "naive" << true << false;
        QTest::newRow("rows, libsvm") << "uniform"
                                      << "row-unit"
                                      << "double" << true << true;
        QTest::newRow("by hand") << "given:-1,-0.5,-0.25,0,0.25,0.5,1"
                                 << "minmax"
                                 << "double" << false << false;
        QTest::newRow("nearest") << "greedy"
                                 << "none"
                                 << "nearest" << false << false;
    }
    void streamingPacksWhatMemoryHolds() {
        QFETCH(QString, grid);
        QFETCH(QString, scaling);
        QFETCH(QString, estimator);
        QFETCH(bool, libsvm);
        QFETCH(bool, classes);
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.txt").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(3000, 21, libsvm, classes));
        for (const bool shared : {false, true})
            for (const RowOrder order : {RowOrder::Shuffled, RowOrder::File}) {
                RunSpec spec = specFor(source);
                spec.grid = parseGrid(grid.toStdString());
                spec.data.scaling = parseName<ScalingKind>(scaling.toStdString(), "scaling");
                spec.estimator = parseName<EstimatorKind>(estimator.toStdString(), "estimator");
                spec.sharedGrid = shared;
                spec.sgd.order = order;
                buildStoreFile(spec, file);
                compareWithMemory(spec, file);
            }
    }

    void realFilesPackAsInMemory_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"cadata", "cod-rna.xz", "mushrooms_agaricus.gz"})
            QTest::newRow(name) << name;
    }
    void realFilesPackAsInMemory() {
        QFETCH(QString, name);
        NEEDS_REAL_DATA(name.toStdString());
        const QTemporaryDir folder;
        const auto file = folder.filePath("a.zq").toStdString();
        RunSpec spec = specFor((test::dataFolder() / name.toStdString()).string());
        spec.data.load = {};
        spec.grid = parseGrid("quantile");
        buildStoreFile(spec, file);
        compareWithMemory(spec, file);
    }

    // In several buffers the rows are dealt within each; every row is there once, rounded with its own draws.
    void smallBuffersHoldAllRows() {
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(20'000, 21, false, false));
        RunSpec spec = specFor(source);
        const BuildMemory small{7000 * 21 * sizeof(float), 500 * 21 * sizeof(float), 1000, 400};
        spec.sgd.order = RowOrder::File; // in file order buffers leave no trace
        buildStoreFile(spec, file, {}, small);
        compareWithMemory(spec, file);
        spec.sgd.order = RowOrder::Shuffled;
        spec.grid = parseGrid("quantile");
        const auto built = buildStoreFile(spec, file, {}, small);
        QCOMPARE(built.header.dealtRows, 6240U); // whole sums (rowsPerSum)
        QCOMPARE(built.header.levelRows, 400U);
        const StoreFile read(file);
        std::vector<float> dealt(read.labels().begin(), read.labels().end());
        auto whole = prepareData(spec, {})->train.labels;
        std::ranges::sort(dealt);
        std::ranges::sort(whole);
        QCOMPARE(dealt, whole);
    }

    // The same seed and order: the same model.
    void trainingIsThatInMemory_data() {
        QTest::addColumn<QString>("estimator");
        QTest::addColumn<QString>("grid");
        QTest::addColumn<bool>("integer");
        for (const char* estimator :
             {"naive", "nearest", "corrected", "double", "double-plain", "double-mean"})
            for (const bool integer : {false, true})
                QTest::addRow("%s, %s", estimator, integer ? "integer" : "float")
                    << estimator << "uniform" << integer;
        QTest::newRow("by hand") << "corrected"
                                 << "given:-1,-0.5,-0.25,0,0.25,0.5,1" << true;
        QTest::newRow("tables") << "corrected"
                                << "optimal" << true;
    }
    void trainingIsThatInMemory() {
        QFETCH(QString, estimator);
        QFETCH(QString, grid);
        QFETCH(bool, integer);
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(3001, 21, false, false));
        RunSpec spec = specFor(source);
        spec.estimator = parseName<EstimatorKind>(estimator.toStdString(), "estimator");
        spec.grid = parseGrid(grid.toStdString());
        spec.arithmetic = integer ? Arithmetic::Integer : Arithmetic::Float;
        buildStoreFile(spec, file);
        const RunRecord memory = trainMemory(spec);
        const RunRecord stored = trainStore(spec, file);
        // In floats memory's coins are decoded, a file's are not: float32's rounding over the run is the bound.
        if (!integer && estimator.startsWith("double") && estimator != "double-mean")
            QVERIFY(near(stored, memory));
        else
            QVERIFY(equal(stored, memory));
        QCOMPARE(stored.epochs.back().bytesMoved, memory.epochs.back().bytesMoved);
        if (estimator != "nearest") { // is without bias for a model that does not know the roundings
            const double own = stored.epochs.back().trainLoss;
            const double exact = memory.epochs.back().trainLoss;
            QVERIFY2(std::abs(own - exact) < 0.1 * exact, qPrintable(QString("%1, %2").arg(own).arg(exact)));
        }
        QCOMPARE(static_cast<float>(stored.initial.trainLoss), static_cast<float>(memory.initial.trainLoss));
        // Small windows change the order of the batches and nothing else, whatever the number of threads.
        spec.threads = 1;
        const RunRecord windows = trainStore(spec, file, 1000);
        spec.threads = 3;
        QVERIFY(equal(trainStore(spec, file, 1000), windows));
        QVERIFY(!equal(windows, stored));
        const double relative = windows.epochs.back().trainLoss / stored.epochs.back().trainLoss;
        QVERIFY2(relative > 0.5 && relative < 2, qPrintable(QString::number(relative)));
        spec.sgd.order = RowOrder::File; // which windows leave as it is
        QVERIFY(equal(trainStore(spec, file, 1000), trainStore(spec, file)));
    }

    // At a fixed model the estimated loss is right in the mean: the loss on the data, to within its noise.
    void lossIsThatOfTheData() {
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(20'000, 5, false, false));
        for (const char* grid : {"uniform", "optimal"}) {
            RunSpec spec = specFor(source);
            spec.estimator = EstimatorKind::Corrected;
            spec.bits = 2;
            spec.grid = parseGrid(grid);
            spec.arithmetic = Arithmetic::Integer;
            spec.sgd.batch = 1600;
            buildStoreFile(spec, file);
            const double own = trainStore(spec, file).epochs.back().trainLoss;
            const double exact = trainMemory(spec).epochs.back().trainLoss;
            QVERIFY2(std::abs(own / exact - 1) < 0.05, qPrintable(QString("%1, %2").arg(own).arg(exact)));
        }
    }

    void automaticStepIsAboutThatInMemory() {
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(3000, 21, false, false));
        RunSpec spec = specFor(source);
        spec.sgd.step.reset();
        buildStoreFile(spec, file);
        const double ratio = trainStore(spec, file).setup.step / trainMemory(spec).setup.step;
        QVERIFY2(ratio > 0.8 && ratio < 1.25, qPrintable(QString::number(ratio)));
    }

    void contradictionsAreOneLine_data() {
        QTest::addColumn<QString>("change");
        for (const char* change :
             {R"({"estimator":"naive"})", R"({"estimator":"full"})", R"({"bits":5})", R"({"grid":"optimal"})",
              R"({"shared_grid":true})", R"({"scaling":"minmax"})", R"({"split":0.5})",
              R"({"rounding":"epoch"})", R"({"task":"classification"})", R"({"copies":3})",
              R"({"batch":10,"arithmetic":"float"})", R"({"loss":"ls-svm"})"})
            QTest::newRow(change) << change;
    }
    void contradictionsAreOneLine() {
        QFETCH(QString, change);
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(300, 4, false, false));
        buildStoreFile(specFor(source), file);
        const RunSpec spec = specFromJson(nlohmann::json::parse(change.toStdString()), specOfStore(file));
        try {
            trainStore(spec, file);
            QFAIL("was trained");
        } catch (const InputError& error) {
            QVERIFY(!QString(error.what()).contains('\n'));
        }
    }

    // A stop leaves neither a store nor a part of one.
    void stoppedBuildLeavesNothing() {
        const QTemporaryDir folder, out;
        const auto source = folder.filePath("data.csv").toStdString();
        writeFileAtomically(source, textOf(3000, 21, false, false));
        RunControl control;
        const Job job{control.stopToken(), [&](double share, std::string_view) {
                          if (share > 0.5)
                              control.stop();
                      }};
        QVERIFY_THROWS_EXCEPTION(Cancelled,
                                 buildStoreFile(specFor(source), out.filePath("a.zq").toStdString(), job));
        QVERIFY(QDir(out.path()).isEmpty());
    }
};

QTEST_APPLESS_MAIN(StoreRunTest)
#include "store_run_test.moc"
