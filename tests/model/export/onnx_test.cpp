#include "core/model/export/integer_weights.h"
#include "tests/support/exported_model.h"
#include "tests/support/random_data.h"

#include <onnx/onnx_pb.h>

using namespace zipml;

namespace {

QString predictInOnnxRuntime(const QString& folder, const Dataset& rows) {
    test::writeRows(rows, folder + "/rows");
    return test::run(test::python(), {test::sourceFile("tests/model/export/run_onnx.py"), folder + "/m.onnx",
                                      folder + "/rows", folder + "/out"});
}

onnx::ModelProto readProto(const QString& file) {
    onnx::ModelProto proto;
    std::ifstream in(file.toStdString(), std::ios::binary);
    proto.ParseFromIstream(&in);
    return proto;
}

} // namespace

class OnnxTest : public QObject {
    Q_OBJECT
  private slots:
    void floatModelPredictsTheSame_data() { test::addRealModels(); }
    void floatModelPredictsTheSame() {
        QFETCH(QString, name);
        QFETCH(int, scaling);
        NEEDS_REAL_DATA(name.toStdString());
        NEEDS_PYTHON_ENVIRONMENT();
        const QTemporaryDir folder;
        const auto real = test::trainedOn(name.toStdString(), static_cast<ScalingKind>(scaling));
        QVERIFY(real.raw.rows >= 10'000);
        exportModel(real.model, modelFormat("onnx"), {}, folder.filePath("m.onnx").toStdString());
        const QString error = predictInOnnxRuntime(folder.path(), real.raw);
        QVERIFY2(error.isEmpty(), qPrintable(error));
        const auto scores = test::readNumbers<float>(folder.filePath("out.score"));
        QCOMPARE(scores.size(), real.raw.rows);
        const double difference = test::largestDifference(scores, real.scores);
        qInfo("%zu rows, largest difference %.2g", real.raw.rows, difference);
        QVERIFY2(difference <= 1e-5, qPrintable(QString::number(difference)));
        const auto labels = test::readNumbers<double>(folder.filePath("out.label"));
        QCOMPARE(labels.empty(), real.model.task == Task::Regression);
        for (std::size_t r = 0; r < labels.size(); ++r)
            QCOMPARE(labels[r], test::labelOf(real.model, scores[r]));
    }

    // The weights are what the file says: codes and levels, and ONNX Runtime computes with exactly these.
    void integerWeightsAreWhatIsComputedWith_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("grid");
        QTest::addColumn<int>("bits");
        for (const int bits : {1, 3, 8}) {
            QTest::addRow("a9a, uniform, %d", bits) << "a9a"
                                                    << "uniform" << bits;
            QTest::addRow("cadata, uniform, %d", bits) << "cadata"
                                                       << "uniform" << bits;
        }
        QTest::newRow("a9a, optimal, 3") << "a9a"
                                         << "optimal" << 3;
        QTest::newRow("a9a, quantile, 5") << "a9a"
                                          << "quantile" << 5;
    }
    void integerWeightsAreWhatIsComputedWith() {
        QFETCH(QString, name);
        QFETCH(QString, grid);
        QFETCH(int, bits);
        NEEDS_REAL_DATA(name.toStdString());
        NEEDS_PYTHON_ENVIRONMENT();
        const QTemporaryDir folder;
        auto real = test::trainedOn(name.toStdString(), ScalingKind::Standard);
        const ExportOptions options{bits, parseGrid(grid.toStdString())};
        exportModel(real.model, modelFormat("onnx"), options, folder.filePath("m.onnx").toStdString());
        const QString error = predictInOnnxRuntime(folder.path(), real.raw);
        QVERIFY2(error.isEmpty(), qPrintable(error));

        auto& weights = real.model.parameters.weights;
        const auto stored = exported::quantizeWeights(
            {weights.data(), static_cast<std::size_t>(weights.size())}, bits, options.grid);
        double squares = 0;
        for (Eigen::Index f = 0; f < weights.size(); ++f) {
            const double level = stored.grid.level(stored.codes[static_cast<std::size_t>(f)]);
            squares += (level - weights[f]) * (level - weights[f]);
            weights[f] = level;
        }
        QVERIFY(squares > 0);
        const double difference = test::largestDifference(
            test::readNumbers<float>(folder.filePath("out.score")), predict(real.model, real.raw));
        QVERIFY2(difference <= 1e-5, qPrintable(QString::number(difference)));

        const auto proto = readProto(folder.filePath("m.onnx"));
        bool found = false;
        for (const auto& tensor : proto.graph().initializer()) {
            if (!tensor.name().ends_with(".codes"))
                continue;
            found = true;
            QCOMPARE(tensor.data_type(), static_cast<int>(onnx::TensorProto::UINT8));
            QCOMPARE(tensor.raw_data().size(), stored.codes.size());
            for (const char code : tensor.raw_data())
                QVERIFY(static_cast<unsigned char>(code) < (1 << bits));
        }
        QVERIFY(found);
        const auto uses = [&](const char* type) {
            return std::ranges::any_of(proto.graph().node(),
                                       [&](const auto& node) { return node.op_type() == type; });
        };
        QCOMPARE(uses("DequantizeLinear"), grid == "uniform");
        QCOMPARE(std::ranges::any_of(proto.graph().initializer(),
                                     [](const auto& tensor) { return tensor.name() == "weights.levels"; }),
                 grid != "uniform");
    }

    // Two numbers a byte: of 4 bits the weights take half of the bytes that those of 8 take.
    void packedWeightsTakeHalfTheBytes_data() {
        QTest::addColumn<QString>("grid");
        QTest::addColumn<int>("classes");
        for (const char* grid : {"uniform", "optimal"})
            for (const int classes : {2, 10})
                QTest::addRow("%s, %d", grid, classes) << grid << classes;
    }
    void packedWeightsTakeHalfTheBytes() {
        QFETCH(QString, grid);
        QFETCH(int, classes);
        const LinearModel model = test::anyModel(1001, classes);
        const QTemporaryDir folder;
        const auto sizeOf = [&](const ExportOptions& options) {
            return exportModel(model, modelFormat("onnx"), options, folder.filePath("m.onnx").toStdString());
        };
        const GridSpec spec = parseGrid(grid.toStdString());
        const std::size_t weights = 1001U * (classes == 2 ? 1U : 10U);
        const auto bytes = sizeOf({4, spec}), packed = sizeOf({4, spec, true});
        QVERIFY2(bytes - packed >= weights / 2 - 16 && bytes - packed <= weights / 2 + 16,
                 qPrintable(QString("%1 and %2").arg(bytes).arg(packed)));
        const auto proto = readProto(folder.filePath("m.onnx"));
        constexpr int kUint4 = 21;
        QVERIFY(std::ranges::any_of(proto.graph().initializer(), [&](const auto& tensor) {
            return tensor.data_type() == kUint4 && tensor.raw_data().size() == (weights + 1) / 2;
        }));
    }

    // What runs the file reads there what it may expect.
    void theFileSaysWhereItRuns() {
        const QTemporaryDir folder;
        for (const char* name : {"onnx", "qonnx"}) {
            exportModel(test::anyModel(3, 2), modelFormat(name), {}, folder.filePath("m").toStdString());
            const auto proto = readProto(folder.filePath("m"));
            QCOMPARE(proto.opset_import(0).version(), std::int64_t{21});
            QCOMPARE(proto.ir_version(), std::int64_t{10});
            QVERIFY(proto.doc_string().ends_with(modelFormat(name).runsIn));
        }
    }

    void classNamesAndProbabilitiesAsInScikitLearn_data() {
        QTest::addColumn<int>("classes");
        QTest::addColumn<QString>("loss");
        for (const int classes : {2, 10})
            for (const char* loss : {"logistic", "hinge"})
                QTest::addRow("%d, %s", classes, loss) << classes << loss;
    }
    void classNamesAndProbabilitiesAsInScikitLearn() {
        QFETCH(int, classes);
        QFETCH(QString, loss);
        LinearModel model = test::anyModel(3, classes);
        model.spec["loss"] = loss.toStdString();
        for (int c = 0; c < classes; ++c)
            model.classNames.push_back("class " + std::to_string(c));
        const QTemporaryDir folder;
        exportModel(model, modelFormat("onnx"), {}, folder.filePath("m.onnx").toStdString());
        const auto proto = readProto(folder.filePath("m.onnx"));
        QStringList outputs;
        for (const auto& output : proto.graph().output()) {
            outputs << QString::fromStdString(output.name());
            if (output.name() == "label")
                QCOMPARE(output.type().tensor_type().elem_type(), int{onnx::TensorProto::STRING});
        }
        QCOMPARE(outputs, loss == "hinge" ? (QStringList{"label", "score"})
                                          : (QStringList{"label", "probabilities", "score"}));
        QVERIFY(std::ranges::none_of(proto.graph().node(),
                                     [](const auto& node) { return node.op_type() == "ZipMap"; }));
    }

    // QONNX, by its definition of Quant: whole numbers of the width that was asked for.
    void quantNodesHaveTheTrueWidth() {
        NEEDS_PYTHON_ENVIRONMENT();
        NEEDS_PYTHON_MODULE("onnx");
        constexpr std::size_t kFeatures = 13;
        const Dataset rows = test::randomData(50, kFeatures, 9);
        const QTemporaryDir folder;
        test::writeRows(rows, folder.filePath("rows"));
        QStringList arguments{test::sourceFile("tests/model/export/run_qonnx.py"), folder.filePath("rows")};
        std::vector<std::pair<QString, std::vector<double>>> expected;
        for (const int bits : {1, 2, 3, 4, 8})
            for (const int classes : {2, 10}) {
                LinearModel model = test::anyModel(kFeatures, classes);
                const QString file = folder.filePath(QString("%1-%2").arg(bits).arg(classes));
                exportModel(model, modelFormat("qonnx"), {bits, {}}, file.toStdString());
                arguments += {file, file + ".out", QString::number(bits)};
                const auto round = [&](LinearParameters& parameters) {
                    auto& weights = parameters.weights;
                    const double step = bits == 1 ? weights.cwiseAbs().mean()
                                                  : weights.cwiseAbs().maxCoeff() / ((1 << (bits - 1)) - 1);
                    for (double& weight : weights)
                        weight = bits == 1 ? (weight < 0 ? -step : step) : std::round(weight / step) * step;
                };
                round(model.parameters);
                std::ranges::for_each(model.perClass, round);
                expected.emplace_back(file + ".out", predict(model, rows));
            }
        const QString error = test::run(test::python(), arguments);
        QVERIFY2(error.isEmpty(), qPrintable(error));
        for (const auto& [file, scores] : expected) {
            const double difference = test::largestDifference(test::readNumbers<float>(file), scores);
            QVERIFY2(difference <= 1e-5, qPrintable(file + ": " + QString::number(difference)));
        }
    }

    void whatHardwareHasNotIsRefused() {
        const QTemporaryDir folder;
        LinearModel model = test::anyModel(3, 2);
        model.scaling.kind = ScalingKind::RowUnit;
        const auto file = folder.filePath("m").toStdString();
        QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat("qonnx"), {}, file), InputError);
        model.scaling.kind = ScalingKind::Standard;
        auto schema = std::make_shared<Schema>();
        schema->offsets = {1e6, 1e6, 1e6};
        model.schema = schema;
        QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat("qonnx"), {}, file), InputError);
    }

    void moreBitsAreCloser() {
        LinearModel model;
        model.parameters = {0.5, Eigen::VectorXd::LinSpaced(41, -1.7, 0.9).array().cube().matrix()};
        double before = 1e9;
        for (int bits = 1; bits <= 8; ++bits) {
            const auto& weights = model.parameters.weights;
            const auto stored = exported::quantizeWeights({weights.data(), 41}, bits, {});
            double largest = 0;
            for (Eigen::Index f = 0; f < weights.size(); ++f)
                largest =
                    std::max(largest, std::abs(weights[f] -
                                               stored.grid.level(stored.codes[static_cast<std::size_t>(f)])));
            QVERIFY(largest <= stored.grid.gap() / 2 * (1 + 1e-9)); // nearest
            QVERIFY(largest < before);
            before = largest;
        }
    }
};

QTEST_GUILESS_MAIN(OnnxTest)
#include "onnx_test.moc"
