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

/// Features that are nearly alike: what coarse roundings leave of their curvature has a negative direction.
std::string alikeText(std::size_t rows, std::size_t features) {
    const Dataset data = test::randomData(rows, features, 4);
    std::string text;
    for (std::size_t r = 0; r < rows; ++r) {
        const auto row = data.row(r);
        text += std::to_string(row[0] + 0.1F * data.labels[r]);
        for (std::size_t f = 0; f < features; ++f)
            text += "," + std::to_string(row[0] + 0.05F * row[f]);
        text += "\n";
    }
    return text;
}

/// Whether an estimated loss is the exact one to within five standard errors, and these are not wide.
bool isWithinError(const EpochRecord& own, const EpochRecord& exact) {
    const double error = own.trainLossStandardError.value_or(0);
    return own.trainLoss >= 0 && error < 0.1 * exact.trainLoss &&
           std::abs(own.trainLoss - exact.trainLoss) < 5 * error + 1e-4 * exact.trainLoss;
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
                                 << "corrected" << false << false;
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
        spec.estimator = EstimatorKind::Naive;
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
        spec.estimator = EstimatorKind::Naive;
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
        QVERIFY(isWithinError(stored.epochs.back(), memory.epochs.back()));
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

    // However coarse the roundings that the model was fitted to; the finer they are, the smaller the error.
    void lossIsThatOfTheData() {
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(20'000, 5, false, false));
        for (const char* grid : {"uniform", "optimal"})
            for (const char* estimator : {"corrected", "naive", "nearest", "double"}) {
                double before = HUGE_VAL;
                for (const int bits : {1, 2, 4, 7}) {
                    RunSpec spec = specFor(source);
                    spec.estimator = parseName<EstimatorKind>(estimator, "estimator");
                    spec.bits = bits;
                    spec.grid = parseGrid(grid);
                    if (bits > 4 && spec.grid.kind != GridKind::Uniform)
                        continue; // nothing trains on it
                    if (spec.grid.kind != GridKind::Uniform && spec.estimator == EstimatorKind::Double)
                        continue;
                    spec.arithmetic = Arithmetic::Integer;
                    spec.sgd.batch = 1600;
                    buildStoreFile(spec, file);
                    const RunRecord stored = trainStore(spec, file);
                    QVERIFY(isWithinError(stored.epochs.back(), trainMemory(spec).epochs.back()));
                    const double error = *stored.epochs.back().trainLossStandardError;
                    QVERIFY(error > 0 && error <= 1.2 * before);
                    before = error;
                }
            }
    }

    // A small file's rows are all kept, so that nothing is estimated.
    void lossOfFewRowsIsExact() {
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        for (const bool classes : {false, true}) {
            writeFileAtomically(source, textOf(700, 9, false, classes));
            RunSpec spec = specFor(source);
            spec.bits = 1;
            buildStoreFile(spec, file);
            const RunRecord stored = trainStore(spec, file), memory = trainMemory(spec);
            for (std::size_t e = 0; e < memory.epochs.size(); ++e) {
                QVERIFY(std::abs(stored.epochs[e].trainLoss / memory.epochs[e].trainLoss - 1) < 1e-4);
                QVERIFY(!stored.epochs[e].trainLossStandardError);
                QCOMPARE(stored.epochs[e].trainAccuracy.has_value(), classes);
            }
            QVERIFY(stored.setup.lossNote.find("all 700 rows") != std::string::npos);
        }
    }

    // What diverges on the file does so from its store, says the same before it starts, and no mean square is
    // negative on the way. Of the rows all are kept, or some.
    void divergenceIsThatOnTheFile_data() {
        QTest::addColumn<int>("rows");
        QTest::newRow("all kept") << 400;
        QTest::newRow("some kept") << 2600;
    }
    void divergenceIsThatOnTheFile() {
        QFETCH(int, rows);
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, alikeText(static_cast<std::size_t>(rows), 12));
        for (const char* estimator : {"double", "corrected"}) {
            RunSpec spec = specFor(source);
            spec.sgd.step.reset();
            spec.sgd.epochs = 100;
            spec.sgd.schedule.kind = ScheduleKind::Constant;
            spec.bits = 1;
            spec.estimator = parseName<EstimatorKind>(estimator, "estimator");
            buildStoreFile(spec, file);
            const RunRecord memory = trainMemory(spec), stored = trainStore(spec, file);
            QCOMPARE(memory.status, RunStatus::Diverged);
            QCOMPARE(stored.status, RunStatus::Diverged);
            QVERIFY2(stored.message.find("times its start") != std::string::npos, stored.message.c_str());
            for (const EpochRecord& epoch : stored.epochs)
                QVERIFY(epoch.trainLoss >= 0);
            const auto warns = [](const RunRecord& record) {
                return std::ranges::any_of(record.setup.notes, [](const std::string& note) {
                    return note.starts_with("no step converges");
                });
            };
            QVERIFY(warns(memory));
            QVERIFY(warns(stored));
        }
    }

    // By the same rule, from the same rows.
    void automaticStepIsThatInMemory_data() {
        QTest::addColumn<QString>("estimator");
        QTest::addColumn<int>("bits");
        for (const char* estimator : {"naive", "nearest", "corrected", "double", "double-plain"})
            for (const int bits : {1, 4})
                QTest::addRow("%s, %d", estimator, bits) << estimator << bits;
    }
    void automaticStepIsThatInMemory() {
        QFETCH(QString, estimator);
        QFETCH(int, bits);
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(3000, 21, false, false));
        for (const bool intercept : {true, false}) {
            RunSpec spec = specFor(source);
            spec.sgd.step.reset();
            spec.sgd.epochs = 1;
            spec.intercept = intercept;
            spec.bits = bits;
            spec.estimator = parseName<EstimatorKind>(estimator.toStdString(), "estimator");
            buildStoreFile(spec, file);
            const RunRecord stored = trainStore(spec, file), memory = trainMemory(spec);
            QVERIFY2(std::abs(stored.setup.step / memory.setup.step - 1) < 1e-9,
                     qPrintable(QString("%1, %2").arg(stored.setup.step).arg(memory.setup.step)));
            QCOMPARE(stored.setup.stepNote, memory.setup.stepNote);
        }
    }

    void sameSeedSameBytes() {
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(5000, 21, false, false));
        RunSpec spec = specFor(source);
        const auto bytes = [&](int threads, std::uint64_t seed) {
            spec.threads = threads;
            spec.seed = seed;
            buildStoreFile(spec, file);
            return readFile(file);
        };
        const std::string first = bytes(1, 5);
        QVERIFY(bytes(3, 5) == first);
        QVERIFY(bytes(1, 6) != first);
    }

    // Cut off in the midst of an epoch, or between two: one line, no signal, no result.
    void cutWhileTraining() {
        const QTemporaryDir folder;
        const auto source = folder.filePath("data.csv").toStdString();
        const auto file = folder.filePath("a.zq").toStdString();
        writeFileAtomically(source, textOf(20'000, 21, false, false));
        RunSpec spec = specFor(source);
        spec.sgd.epochs = 20;

        class Cutter : public RunObserver {
          public:
            Cutter(std::string file, bool within) : file_(std::move(file)), within_(within) {}
            void onProgress(double share, std::string_view phase) override {
                if (within_ && phase == "training" && share > 0.12)
                    cut();
            }
            void onEpoch(const EpochRecord& epoch) override {
                if (!within_ && epoch.epoch == 2)
                    cut();
            }

          private:
            void cut() const { std::filesystem::resize_file(file_, 70'000); }
            std::string file_;
            bool within_;
        };
        for (const bool within : {true, false})
            for (const std::size_t window : {std::size_t{1000}, kWindowBytes}) { // 313 windows, and one
                buildStoreFile(spec, file);
                RunSpec own = spec;
                own.data.source = file;
                Cutter observer(file, within);
                RunControl control;
                try {
                    const RunRecord record = runFromStore(own, observer, control, window);
                    QFAIL(qPrintable(QString("%1 epochs: %2")
                                         .arg(record.epochs.size())
                                         .arg(QString::fromStdString(record.message))));
                } catch (const InputError& error) {
                    QVERIFY2(std::string(error.what()).starts_with(file + ": was cut off"), error.what());
                }
            }
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
