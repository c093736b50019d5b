#include "core/model/export/integer_weights.h"
#include "tests/support/exported_model.h"

#include <onnx/onnx_pb.h>

using namespace zipml;

namespace {

QString predictInOnnxRuntime(const QString& folder, const Dataset& rows) {
    test::writeRows(rows, folder + "/rows");
    return test::run(
        qEnvironmentVariable("ZIPML_VENV") + "/bin/python",
        {QString::fromStdString((test::sourceFolder() / "tests/model/export/run_onnx.py").string()),
         folder + "/m.onnx", folder + "/rows", folder + "/out"});
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
            if (tensor.name() != "weight_codes")
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
        QCOMPARE(uses("Gather"), grid != "uniform");
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
