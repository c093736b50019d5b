#include "core/base/file.h"
#include "core/deep/deep_run.h"
#include "core/deep/engine.h"
#include "core/deep/export_network.h"
#include "core/deep/trained_network.h"
#include "tests/support/exported_model.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>

using namespace zipml;
using namespace zipml::deep;

namespace {

onnx::ModelProto protoOf(const Model& model, WeightFormat format) {
    onnx::ModelProto proto;
    proto.ParseFromString(toOnnx(model, format));
    return proto;
}

bool uses(const onnx::ModelProto& proto, const std::string& type) {
    return std::ranges::any_of(proto.graph().node(),
                               [&](const auto& node) { return node.op_type() == type; });
}

} // namespace

class ExportTest : public QObject {
    Q_OBJECT
  private slots:
    // At least 99.9% of the labels are equal, and logits of up to 10 within 1e-4.
    void onnxRuntimeComputesTheSame_data() {
        QTest::addColumn<QString>("settings");
        QTest::addColumn<QString>("operation"); // that dequantizes
        QTest::newRow("cifar10-quick, optimal") << R"({"learning_rate": 0.005})"
                                                << "Gather";
        QTest::newRow("cifar10-quick, full") << R"({"weights": "full", "learning_rate": 0.005})"
                                             << "";
        QTest::newRow("small-cnn, lloyd-max, channels")
            << R"({"network": "small-cnn", "weights": "lloyd-max", "scope": "channel", "levels": 8})"
            << "Gather";
        QTest::newRow("small-cnn, lsq, channels")
            << R"({"network": "small-cnn", "weights": "lsq", "scope": "channel", "levels": 4})"
            << "DequantizeLinear";
        QTest::newRow("mlp, xnor-5, first layer as floats")
            << R"({"network": "mlp", "weights": "xnor", "first_layer": false})"
            << "DequantizeLinear";
        QTest::newRow("mlp, xnor-2, activations of 4 bits")
            << R"({"network": "mlp", "weights": "xnor", "levels": 2, "activation_bits": 4})"
            << "Gather";
        QTest::newRow("resnet-20, optimal")
            << R"({"network": "resnet-20", "levels": 8, "iterations": 8, "test_images": 200})"
            << "Gather";
    }
    void onnxRuntimeComputesTheSame() {
        if (const std::string problem = engineProblem(); !problem.empty())
            QSKIP(problem.c_str());
        NEEDS_PYTHON_ENVIRONMENT();
        QFETCH(QString, settings);
        QFETCH(QString, operation);
        DeepSpec base;
        base.data = "shapes:600";
        base.testImages = 1000;
        base.batch = 30;
        base.iterations = 60;
        base.threads = 1;
        const DeepSpec spec = deepSpecFromJson(nlohmann::json::parse(settings.toStdString()), base);
        const ImageData data = loadImageData(spec.data, spec.seed, 0, spec.testImages);
        DeepObserver nobody;
        RunControl control;
        const Model model = runDeep(spec, data, nobody, control).model;
        TrainedNetwork network(model, 1);
        const auto expected = network.outputs(data.test);
        const auto predicted = network.evaluate(data.test).predicted;
        double size = 1;
        for (const float logit : expected)
            size = std::max(size, std::abs(double{logit}));

        const QTemporaryDir folder;
        {
            const std::vector<float> pixels(data.test.pixels.begin(), data.test.pixels.end());
            std::ofstream out(folder.filePath("images").toStdString(), std::ios::binary);
            out.write(reinterpret_cast<const char*>(pixels.data()),
                      static_cast<std::streamsize>(pixels.size() * sizeof(float)));
        }
        for (const auto format : {WeightFormat::Integer, WeightFormat::Packed, WeightFormat::Float}) {
            writeFileAtomically(folder.filePath("m.onnx").toStdString(), toOnnx(model, format));
            const QString error = test::run(
                test::python(), {test::sourceFile("tests/deep/run_network.py"), folder.filePath("m.onnx"),
                                 folder.filePath("images"), folder.filePath("out")});
            QVERIFY2(error.isEmpty(), qPrintable(error));
            const auto logits = test::readNumbers<float>(folder.filePath("out.logits"));
            QCOMPARE(logits.size(), expected.size());
            double largest = 0;
            for (std::size_t i = 0; i < logits.size(); ++i)
                largest = std::max(largest, std::abs(logits[i] - expected[i]));
            const auto labels = test::readNumbers<std::int64_t>(folder.filePath("out.label"));
            std::size_t equal = 0;
            for (std::size_t i = 0; i < labels.size(); ++i)
                equal += labels[i] == predicted[i] ? 1 : 0;
            qInfo("largest difference %.2g of logits up to %.2g, %zu of %zu labels equal", largest, size,
                  equal, labels.size());
            QVERIFY(largest <= 1e-4 * std::max(1.0, size / 10));
            QVERIFY(equal * 1000 >= labels.size() * 999);
            const auto proto = protoOf(model, format);
            for (const char* type : {"Gather", "DequantizeLinear"})
                QCOMPARE(uses(proto, type), format != WeightFormat::Float && operation == type);
        }
    }

    // Four networks, in ONNX Runtime with and without its optimizations and in onnx's reference evaluator.
    void everyRuntimeComputesTheSame_data() {
        QTest::addColumn<QString>("settings");
        QTest::newRow("mlp, xnor-5") << R"({"network": "mlp", "weights": "xnor"})";
        QTest::newRow("small-cnn, lsq, channels, activations of 4 bits")
            << R"({"network": "small-cnn", "weights": "lsq", "scope": "channel", "levels": 4,
                   "activation_bits": 4})";
        // As many levels as need a look-up that all of them can do.
        QTest::newRow("cifar10-quick, optimal, channels, 100 levels")
            << R"({"learning_rate": 0.005, "scope": "channel", "levels": 100, "iterations": 3})";
        QTest::newRow("resnet-20, optimal") << R"({"network": "resnet-20", "levels": 8, "iterations": 3})";
    }
    void everyRuntimeComputesTheSame() {
        if (const std::string problem = engineProblem(); !problem.empty())
            QSKIP(problem.c_str());
        NEEDS_PYTHON_ENVIRONMENT();
        NEEDS_PYTHON_MODULE("onnx");
        QFETCH(QString, settings);
        DeepSpec base;
        base.data = "shapes:60";
        base.testImages = 10; // the reference evaluator is slow
        base.batch = 10;
        base.iterations = 10;
        base.threads = 1;
        const DeepSpec spec = deepSpecFromJson(nlohmann::json::parse(settings.toStdString()), base);
        const ImageData data = loadImageData(spec.data, spec.seed, 0, spec.testImages);
        DeepObserver nobody;
        RunControl control;
        const Model model = runDeep(spec, data, nobody, control).model;
        TrainedNetwork network(model, 1);
        const QTemporaryDir folder;
        const auto numbers = [&](const char* name, const auto& values) {
            const std::vector<double> wide(values.begin(), values.end());
            std::ofstream out(folder.filePath(name).toStdString(), std::ios::binary);
            out.write(reinterpret_cast<const char*>(wide.data()),
                      static_cast<std::streamsize>(wide.size() * sizeof(double)));
            return folder.filePath(name).toStdString();
        };
        nlohmann::json job = {{"input", numbers("images", data.test.pixels)},
                              {"score", numbers("logits", network.outputs(data.test))},
                              {"label", network.evaluate(data.test).predicted}};
        nlohmann::json jobs;
        for (const auto format : {WeightFormat::Integer, WeightFormat::Packed, WeightFormat::Float}) {
            job["name"] = nameOf(format);
            job["model"] = folder.filePath("m.").toStdString() + std::string(nameOf(format));
            writeFileAtomically(job["model"].get<std::string>(), toOnnx(model, format));
            jobs.push_back(job);
        }
        writeFileAtomically(folder.filePath("jobs.json").toStdString(), jobs.dump());
        QProcess python;
        python.start(test::python(), {test::sourceFile("tests/model/export/run_onnx_everywhere.py"),
                                      folder.filePath("jobs.json")});
        QVERIFY(python.waitForFinished(240'000));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().data());
        const auto measured = nlohmann::json::parse(python.readAllStandardOutput().toStdString());
        QCOMPARE(measured.size(), std::size_t{3});
        for (const auto& [name, runtimes] : measured.items())
            for (const auto& [runtime, found] : runtimes.items()) {
                qInfo("%s, %s: %s", name.c_str(), runtime.c_str(), found.dump().c_str());
                QVERIFY(found.at("score").get<double>() <= 1e-6);
                QCOMPARE(found.at("labels_differ").get<int>(), 0);
            }
    }

    // What the file stores of a rounded blob is numbers below the count of levels, and no float of it.
    void weightsAreStoredAsIntegers() {
        if (const std::string problem = engineProblem(); !problem.empty())
            QSKIP(problem.c_str());
        DeepSpec spec;
        spec.data = "shapes:100";
        spec.network = NetworkKind::Mlp;
        spec.iterations = 2;
        spec.testImages = 10;
        spec.threads = 1;
        DeepObserver nobody;
        RunControl control;
        const Model model = runDeep(spec, nobody, control).model;
        const auto proto = protoOf(model, WeightFormat::Integer);
        const Network network = networkOf(model);
        std::size_t blobs = 0;
        for (const auto& tensor : proto.graph().initializer()) {
            const bool codes = tensor.name().ends_with(".codes");
            if (codes) {
                ++blobs;
                QCOMPARE(tensor.data_type(), static_cast<int>(onnx::TensorProto::UINT8));
                for (const char code : tensor.raw_data())
                    QVERIFY(static_cast<unsigned char>(code) < 5);
            } else if (tensor.name() != "mean") {
                QVERIFY(tensor.raw_data().size() <= 256 * sizeof(float)); // biases and levels
            }
        }
        QCOMPARE(blobs, std::size_t(3));
        const std::size_t bytes = toOnnx(model, WeightFormat::Integer).size();
        QVERIFY(bytes * 3 < toOnnx(model, WeightFormat::Float).size());
        std::size_t weights = 0;
        for (const auto& tensor : proto.graph().initializer())
            weights += tensor.name().ends_with(".codes") ? tensor.raw_data().size() : 0;
        const std::size_t packed = toOnnx(model, WeightFormat::Packed).size();
        QVERIFY(packed + weights / 2 <= bytes + 64 && bytes <= packed + weights / 2 + 64);
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
