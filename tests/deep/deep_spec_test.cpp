#include "core/deep/deep_model.h"
#include "core/deep/deep_spec.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace zipml;
using namespace zipml::deep;

namespace {

DeepSpec unusualSpec() {
    DeepSpec spec;
    spec.name = "mine";
    spec.data = "/data/cifar10";
    spec.trainImages = 100;
    spec.testImages = 50;
    spec.network = NetworkKind::ResNet20;
    spec.weights = WeightMethod::Lsq;
    spec.levels = 7;
    spec.scope = LevelScope::Channel;
    spec.rounding = Rounding::Stochastic;
    spec.refitEvery = 3;
    spec.firstLayer = spec.lastLayer = false;
    spec.activationBits = 4;
    spec.gradientBits = 8;
    spec.iterations = 10;
    spec.batch = 7;
    spec.learningRate = 0.05;
    spec.momentum = 0.5;
    spec.weightDecay = 0;
    spec.drops = "0.25,0.5";
    spec.mean = MeanKind::Channel;
    spec.augmentation = Augmentation::CropFlip;
    spec.evaluateEvery = 4;
    spec.seed = 18446744073709551615ULL;
    spec.threads = 2;
    return spec;
}

std::string messageOf(const char* json) {
    try {
        deepSpecFromJson(nlohmann::json::parse(json));
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

} // namespace

class DeepSpecTest : public QObject {
    Q_OBJECT
  private slots:
    void jsonKeepsEverything() {
        const DeepSpec spec = unusualSpec();
        QVERIFY(deepSpecFromJson(nlohmann::json::parse(toJson(spec).dump())) == spec);
        QVERIFY(deepSpecFromJson(toJson(DeepSpec{})) == DeepSpec{});
        const auto json = toJson(spec), usual = toJson(DeepSpec{});
        for (const auto& key : deepKeys()) {
            QVERIFY(json.contains(key.name));
            QVERIFY2(json[std::string(key.name)] != usual[std::string(key.name)], key.name.data());
        }
    }

    void commandLineNamesWhatDiffers() {
        QCOMPARE(toCommandLine(DeepSpec{}), std::string("zipml deep train"));
        DeepSpec spec;
        spec.levels = 3;
        spec.firstLayer = false;
        QCOMPARE(toCommandLine(spec), std::string("zipml deep train --levels 3 --no-first-layer"));
    }

    void badSettingsAreNamed_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("says");
        const auto add = [](const char* json, const char* says) { QTest::newRow(json) << json << says; };
        add(R"({"levelz": 3})", "'levelz' is not a setting; see zipml deep train --help");
        add(R"({"levels": "3"})", "levels: \"3\" is not a whole number");
        add(R"({"levels": 300})", "2 to 256 levels, not 300");
        add(R"({"weights": "heuristic", "levels": 3})", "heuristic has 5 levels, not 3");
        add(R"({"batch": -1})", "batch: -1 is out of range");
        add(R"({"gradient_bits": 16})", "gradient_bits: 16");
        add(R"({"rounding": "up"})", "nearest, stochastic");
        add(R"({"drops": "0.9,0.5"})", "shares of the iterations");
        add(R"({"weight_decay": -0.5})", "weight_decay: -0.5");
        add(R"({"learning_rate": -1})", "learning_rate: -1");
    }
    void badSettingsAreNamed() {
        QFETCH(QString, json);
        QFETCH(QString, says);
        const std::string message = messageOf(json.toUtf8().constData());
        QVERIFY2(message.find(says.toStdString()) != std::string::npos, message.c_str());
    }

    // Counts as published: Caffe's model file; He et al.'s 0.27 million (269,722 with shortcuts of type A).
    void networksHaveTheirPublishedSizes() {
        const Network quick = makeNetwork(NetworkKind::Cifar10Quick, {3, 32, 32}, 10);
        QCOMPARE(quick.parameterCount(), std::size_t(145'578));
        std::vector<int> sides;
        for (const auto& layer : quick.layers)
            if (layer.kind == LayerKind::MaxPool || layer.kind == LayerKind::AveragePool)
                sides.push_back(layer.output.height);
        QCOMPARE(sides, (std::vector{16, 8, 4}));
        QCOMPARE(quick.parameters[0].deviation, 1e-4);
        QCOMPARE(quick.parameters[6].deviation, 0.1);
        const Network residual = makeNetwork(NetworkKind::ResNet20, {3, 32, 32}, 10);
        QCOMPARE(residual.parameterCount(), std::size_t(269'722));
        for (const auto& layer : residual.layers)
            if (layer.kind == LayerKind::Add) {
                const auto& one = residual.layers[static_cast<std::size_t>(layer.input)].output;
                const auto& other = residual.layers[static_cast<std::size_t>(layer.other)].output;
                QCOMPARE(one, other);
            }
        QVERIFY_EXCEPTION_THROWN(makeNetwork(NetworkKind::Mlp, {1, 4, 4}, 10), InputError);
        for (const auto& entry : namesOf<NetworkKind>()) // also digits of 28 x 28
            QCOMPARE(makeNetwork(entry.value, {1, 28, 28}, 10).layers.back().output, (Shape{10, 1, 1}));
    }

    void storedBytesCountBitsAndLevels() {
        const Network network = makeNetwork(NetworkKind::Mlp, {1, 8, 8}, 10);
        DeepSpec spec;
        spec.weights = WeightMethod::Full;
        QCOMPARE(storedBytes(spec, network), network.parameterCount() * 4);
        spec.weights = WeightMethod::Xnor;
        spec.levels = 2;
        const std::uint64_t biases = 256 + 128 + 10;
        QCOMPARE(storedBytes(spec, network), (64 * 256 + 256 * 128 + 128 * 10) / 8 + 3 * 2 * 4 + biases * 4);
        spec.levels = 5; // 3 bits
        spec.scope = LevelScope::Channel;
        spec.lastLayer = false;
        QCOMPARE(storedBytes(spec, network),
                 (64 * 256 + 256 * 128) * 3 / 8 + (256 + 128) * 5 * 4 + 128 * 10 * 4 + biases * 4);
    }
};

QTEST_GUILESS_MAIN(DeepSpecTest)
#include "deep_spec_test.moc"
