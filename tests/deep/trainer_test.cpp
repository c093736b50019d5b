#include "core/base/random.h"
#include "core/deep/deep_run.h"
#include "core/deep/engine.h"
#include "core/deep/trainer.h"

#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <numeric>
#include <set>
#include <sys/resource.h>

using namespace zipml;
using namespace zipml::deep;

#define NEEDS_ENGINE()                                                                                       \
    do {                                                                                                     \
        if (const std::string problem = engineProblem(); !problem.empty())                                   \
            QSKIP(problem.c_str());                                                                          \
    } while (false)

namespace {

/// Some seconds of work at most.
DeepSpec smallSpec() {
    DeepSpec spec;
    spec.data = "shapes:300";
    spec.testImages = 100;
    spec.network = NetworkKind::SmallCnn;
    spec.batch = 20;
    spec.iterations = 24;
    spec.evaluateEvery = 7;
    spec.refitEvery = 3;
    spec.augmentation = Augmentation::CropFlip;
    spec.threads = 1;
    return spec;
}

ImageData smallData(const DeepSpec& spec) {
    return loadImageData(spec.data, spec.seed, 0, spec.testImages);
}

/// Stops after some minibatches.
class Stopper final : public DeepObserver {
  public:
    Stopper(RunControl& control, int after) : control_(control), after_(after) {}
    void onStep(const DeepStep& step) override {
        last = step.iteration;
        if (step.iteration == after_)
            control_.stop();
    }
    void onNote(std::string_view note) override { notes.emplace_back(note); }
    int last = 0;
    std::vector<std::string> notes;

  private:
    RunControl& control_;
    int after_;
};

DeepResult runThrough(const DeepSpec& spec, const CheckpointPlan& plan = {}) {
    DeepObserver nobody;
    RunControl control;
    return runDeep(spec, nobody, control, plan);
}

/// All but times.
void compareCurves(const DeepRecord& a, const DeepRecord& b) {
    QCOMPARE(a.epochs.size(), b.epochs.size());
    for (std::size_t i = 0; i < a.epochs.size(); ++i) {
        QCOMPARE(a.epochs[i].iteration, b.epochs[i].iteration);
        QCOMPARE(a.epochs[i].trainLoss, b.epochs[i].trainLoss);
        QCOMPARE(a.epochs[i].trainAccuracy, b.epochs[i].trainAccuracy);
        QCOMPARE(a.epochs[i].testLoss, b.epochs[i].testLoss);
        QCOMPARE(a.epochs[i].testAccuracy, b.epochs[i].testAccuracy);
        QCOMPARE(a.epochs[i].quantizationError, b.epochs[i].quantizationError);
    }
    QCOMPARE(a.final->train.loss, b.final->train.loss);
    QCOMPARE(a.final->test.loss, b.final->test.loss);
}

/// The loss of fixed images as a function of the weights.
class LossAt {
  public:
    explicit LossAt(NetworkKind kind)
        : data_(loadImageData("shapes:16", 1, 0, 1)), network_(makeNetwork(kind, data_.train.shape, 10)),
          engine_(makeEngine(network_, {1, 32})), mean_(meanImage(data_.train, MeanKind::Pixel)),
          source_(data_.train, mean_, network_.inputScale, 16, Augmentation::None, 1) {
        source_.fill(0);
        const RandomStream stream(5, Purpose::RandomModel);
        for (std::size_t p = 0; p < network_.parameters.size(); ++p) {
            auto values = engine_->parameter(p);
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = static_cast<float>(
                    (network_.parameters[p].role == Role::Scale ? 1 : 0) +
                    0.1 * stream.normals(static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(i))[0]);
        }
    }
    double operator()() { return engine_->step(source_.images(), source_.labels()).loss; }
    Engine& engine() { return *engine_; }
    const Network& network() const { return network_; }

  private:
    ImageData data_;
    Network network_;
    std::unique_ptr<Engine> engine_;
    std::vector<float> mean_;
    MinibatchSource source_;
};

} // namespace

class TrainerTest : public QObject {
    Q_OBJECT
  private slots:
    // Along the gradient of each parameter, by central differences.
    void gradientsAreDerivatives_data() {
        QTest::addColumn<int>("kind");
        for (const auto& entry : namesOf<NetworkKind>())
            QTest::newRow(std::string(entry.name).c_str()) << static_cast<int>(entry.value);
    }
    void gradientsAreDerivatives() {
        NEEDS_ENGINE();
        QFETCH(int, kind);
        LossAt loss(static_cast<NetworkKind>(kind));
        const double scale = std::max(1.0, loss());
        std::vector<std::vector<float>> gradients;
        for (std::size_t p = 0; p < loss.network().parameters.size(); ++p)
            gradients.emplace_back(loss.engine().gradient(p).begin(), loss.engine().gradient(p).end());
        for (std::size_t p = 0; p < gradients.size(); ++p) {
            double squares = 0;
            for (const double value : gradients[p])
                squares += value * value;
            if (squares < 1e-12)
                continue; // biases in front of a normalization
            auto values = loss.engine().parameter(p);
            const std::vector<float> at(values.begin(), values.end());
            // A change of the loss that floats can show, and short enough for few kinks of Relu and pooling.
            const double size = 0.001 * scale / squares;
            const auto moved = [&](double by) {
                for (std::size_t i = 0; i < at.size(); ++i)
                    values[i] = static_cast<float>(at[i] + by * gradients[p][i]);
                return loss();
            };
            const double slope = (moved(size) - moved(-size)) / (2 * size);
            std::ranges::copy(at, values.begin());
            QVERIFY2(std::abs(slope / squares - 1) < 0.1,
                     qPrintable(QString("%1: %2")
                                    .arg(QString::fromStdString(loss.network().parameters[p].name))
                                    .arg(slope / squares)));
        }
    }

    // v <- m v + rate (g + decay w), w <- w - v (Caffe's rule), with the rates of weights and biases.
    void stepsAreCaffes() {
        NEEDS_ENGINE();
        DeepSpec spec = smallSpec();
        spec.network = NetworkKind::Cifar10Quick;
        spec.weights = WeightMethod::Full;
        spec.augmentation = Augmentation::None;
        const ImageData data = smallData(spec);
        Trainer trainer(spec, data);
        QCOMPARE(trainer.solver().weightDecay, 0.004);
        const Network& network = trainer.network();
        const auto engine = makeEngine(network, {1, 32});
        MinibatchSource source(data.train, trainer.model().mean, 1, spec.batch, Augmentation::None,
                               spec.seed);
        std::vector<std::vector<double>> weights, velocities;
        for (const auto& values : trainer.model().parameters) {
            weights.emplace_back(values.begin(), values.end());
            velocities.emplace_back(values.size());
        }
        for (int iteration = 0; iteration < 3; ++iteration) {
            for (std::size_t p = 0; p < weights.size(); ++p)
                std::ranges::copy(trainer.model().parameters[p], engine->parameter(p).begin());
            source.fill(iteration);
            engine->step(source.images(), source.labels());
            trainer.step();
            for (std::size_t p = 0; p < weights.size(); ++p) {
                const double rate = 0.001 * (network.parameters[p].role == Role::Bias ? 2 : 1);
                for (std::size_t i = 0; i < weights[p].size(); ++i) {
                    velocities[p][i] =
                        0.9 * velocities[p][i] + rate * (engine->gradient(p)[i] + 0.004 * weights[p][i]);
                    weights[p][i] -= velocities[p][i];
                    QVERIFY(std::abs(weights[p][i] - trainer.model().parameters[p][i]) <
                            1e-6 + 1e-5 * std::abs(weights[p][i]));
                }
            }
        }
    }

    // Each value goes to one of the two levels around it; the mean of many is kept. False alarms: 6e-7.
    void gradientsAreRoundedAtRandom() {
        NEEDS_ENGINE();
        DeepSpec spec = smallSpec();
        spec.weights = WeightMethod::Full;
        spec.augmentation = Augmentation::None;
        spec.weightDecay = 0;
        spec.gradientBits = 3;
        const ImageData data = smallData(spec);
        Trainer trainer(spec, data);
        const Network& network = trainer.network();
        const auto engine = makeEngine(network, {1, 32});
        for (std::size_t p = 0; p < network.parameters.size(); ++p)
            std::ranges::copy(trainer.model().parameters[p], engine->parameter(p).begin());
        MinibatchSource source(data.train, trainer.model().mean, network.inputScale, spec.batch,
                               Augmentation::None, spec.seed);
        source.fill(0);
        engine->step(source.images(), source.labels());
        trainer.step();
        for (std::size_t p = 0; p < network.parameters.size(); ++p) {
            const auto gradient = engine->gradient(p);
            const auto& velocity = trainer.training().velocities[p];
            std::set<float> distinct(velocity.begin(), velocity.end());
            if (network.parameters[p].role != Role::Weight) {
                QVERIFY(distinct.size() > 8); // not rounded
                continue;
            }
            QVERIFY(distinct.size() <= 8);
            double most = 0;
            for (const float value : gradient)
                most = std::max(most, std::abs(double{value}));
            const double gap = 2 * most / 7;
            double errors = 0, variances = 0;
            for (std::size_t i = 0; i < gradient.size(); ++i) {
                const double rounded = velocity[i] / trainer.solver().learningRate;
                QVERIFY(std::abs(rounded - gradient[i]) < gap * 1.0001);
                const double place = std::fmod((gradient[i] + most) / gap, 1.0);
                errors += rounded - gradient[i];
                variances += gap * gap * place * (1 - place);
            }
            QVERIFY(std::abs(errors) <= 5 * std::sqrt(variances) + 1e-4 * most);
        }
    }

    // Each evaluation brings the network that was evaluated and its outputs, and nothing in between.
    void evaluationsBringTheirNetwork() {
        NEEDS_ENGINE();
        const DeepSpec spec = smallSpec();
        const ImageData data = smallData(spec);
        struct Watcher final : DeepObserver {
            std::vector<Evaluation> evaluations;
            std::vector<Model> models;
            void onEpoch(const DeepEpoch& epoch, const Evaluation& test) override {
                evaluations.push_back(test);
                iterations.push_back(epoch.iteration);
            }
            void onModel(const Model& model) override { models.push_back(model); }
            std::vector<int> iterations;
        } watcher;
        RunControl control;
        const DeepResult result = runDeep(spec, data, watcher, control);
        QCOMPARE(watcher.iterations, (std::vector<int>{7, 14, 21, 24}));
        QCOMPARE(watcher.models.size(), watcher.evaluations.size());
        for (std::size_t e = 0; e < watcher.models.size(); ++e) {
            QCOMPARE(watcher.models[e].iteration, watcher.iterations[e]);
            const Evaluation& test = watcher.evaluations[e];
            QCOMPARE(test.outputs.size(), data.test.size() * data.classes.size());
            TrainedNetwork network(watcher.models[e], 1);
            for (std::size_t i = 0; i < data.test.size(); ++i) {
                const auto outputs =
                    std::span(test.outputs).subspan(i * data.classes.size(), data.classes.size());
                const auto expected = softmax(outputs);
                const auto alone = network.classify(data.test.image(i));
                QVERIFY(std::abs(std::accumulate(expected.begin(), expected.end(), 0.0) - 1) < 1e-9);
                QVERIFY(expected[test.predicted[i]] == std::ranges::max(expected));
                for (std::size_t c = 0; c < expected.size(); ++c) // sums of another order
                    QVERIFY(std::abs(expected[c] - alone[c]) < 1e-4);
            }
        }
        QCOMPARE(watcher.models.back().parameters, result.model.parameters);
    }

    // The network computes with levels only, the trained weights are other numbers, and biases are floats.
    void networkComputesWithLevels_data() {
        QTest::addColumn<int>("method");
        QTest::addColumn<int>("rounding");
        for (const auto& entry : weightQuantizers())
            for (const auto rounding : {Rounding::Nearest, Rounding::Stochastic})
                QTest::addRow("%s, %d", std::string(nameOf(entry.method)).c_str(), static_cast<int>(rounding))
                    << static_cast<int>(entry.method) << static_cast<int>(rounding);
    }
    void networkComputesWithLevels() {
        NEEDS_ENGINE();
        QFETCH(int, method);
        QFETCH(int, rounding);
        DeepSpec spec = smallSpec();
        spec.weights = static_cast<WeightMethod>(method);
        spec.rounding = static_cast<Rounding>(rounding);
        spec.lastLayer = false;
        const ImageData data = smallData(spec);
        Trainer trainer(spec, data);
        for (int i = 0; i < 5; ++i)
            trainer.step();
        const Network& network = trainer.network();
        std::size_t roundedBlobs = 0;
        for (std::size_t p = 0; p < network.parameters.size(); ++p) {
            const auto used = trainer.rounded(p);
            const std::set<float> distinct(used.begin(), used.end());
            const bool isRounded =
                network.parameters[p].role == Role::Weight && network.parameters[p].name != "fc2.weight";
            QCOMPARE(trainer.quantizer(p) != nullptr, isRounded);
            if (isRounded) {
                QVERIFY(distinct.size() <= 5);
                QVERIFY(std::set<float>(trainer.model().parameters[p].begin(),
                                        trainer.model().parameters[p].end())
                            .size() > 100);
                ++roundedBlobs;
            }
        }
        QCOMPARE(roundedBlobs, std::size_t(3));
    }

    void resumedRunEqualsTheUninterrupted_data() {
        QTest::addColumn<QString>("settings");
        QTest::newRow("full") << R"({"weights": "full"})";
        QTest::newRow("optimal, at random") << R"({"rounding": "stochastic"})";
        QTest::newRow("lsq, channels") << R"({"weights": "lsq", "scope": "channel"})";
        QTest::newRow("heuristic, low-precision activations and gradients")
            << R"({"weights": "heuristic", "activation_bits": 4, "gradient_bits": 4})";
        QTest::newRow("resnet-20")
            << R"({"network": "resnet-20", "iterations": 8, "evaluate_every": 3, "test_images": 20})";
    }
    void resumedRunEqualsTheUninterrupted() {
        NEEDS_ENGINE();
        QFETCH(QString, settings);
        const DeepSpec spec = deepSpecFromJson(nlohmann::json::parse(settings.toStdString()), smallSpec());
        const QTemporaryDir folder;
        const DeepResult whole = runThrough(spec);
        QCOMPARE(whole.record.status, RunStatus::Completed);
        const CheckpointPlan plan{folder.filePath("c").toStdString(), 0};
        DeepResult parts;
        // In the middle of an interval, right at an evaluation, and again.
        for (const int stop : {2, spec.evaluateEvery, spec.evaluateEvery + 2, 0}) {
            RunControl control;
            Stopper stopper(control, stop);
            parts = runDeep(spec, stopper, control, plan);
            QCOMPARE(parts.record.status, stop > 0 ? RunStatus::Stopped : RunStatus::Completed);
        }
        compareCurves(whole.record, parts.record);
        QCOMPARE(whole.model.parameters, parts.model.parameters);
        QCOMPARE(whole.model.buffers, parts.model.buffers);
        QCOMPARE(whole.model.levels, parts.model.levels);
    }

    void seedsDecide() {
        NEEDS_ENGINE();
        DeepSpec spec = smallSpec();
        const auto first = runThrough(spec);
        compareCurves(first.record, runThrough(spec).record);
        spec.seed = 2;
        QVERIFY(first.model.parameters != runThrough(spec).model.parameters);
    }

    void stopsWithinOneMinibatch() {
        NEEDS_ENGINE();
        RunControl control;
        Stopper stopper(control, 9);
        const auto result = runDeep(smallSpec(), stopper, control);
        QCOMPARE(stopper.last, 9);
        QCOMPARE(result.record.status, RunStatus::Stopped);
        QCOMPARE(result.record.epochs.size(), std::size_t(1)); // that of iteration 7
        QVERIFY(!result.record.final);
    }

    // Every method learns at the network's own learning rate. Ten classes: chance is 10%; 46 to 80% are
    // reached. At twice the rate XNOR's five levels stay at 10%.
    void learnsShapes_data() {
        QTest::addColumn<QString>("weights");
        QTest::addColumn<int>("levels");
        for (const auto& entry : namesOf<WeightMethod>())
            QTest::newRow(std::string(entry.name).c_str()) << QString::fromLatin1(entry.name.data()) << 5;
        QTest::newRow("xnor, binary") << "xnor" << 2;
    }
    void learnsShapes() {
        NEEDS_ENGINE();
        QFETCH(QString, weights);
        QFETCH(int, levels);
        DeepSpec spec;
        spec.network = NetworkKind::SmallCnn;
        spec.data = "shapes:1000";
        spec.testImages = 200;
        spec.iterations = 100;
        spec.evaluateEvery = 50;
        spec.threads = 1;
        spec.weights = parseName<WeightMethod>(weights.toStdString(), "weights");
        spec.levels = levels;
        const auto record = runThrough(spec).record;
        QVERIFY2(record.final->test.accuracy > 0.35,
                 qPrintable(QString::number(record.final->test.accuracy)));
        QVERIFY(record.epochs.back().trainLoss < record.epochs.front().trainLoss);
        std::uint32_t images = 0, correct = 0;
        for (std::size_t c = 0; c < 10; ++c) {
            correct += record.final->confusion[c * 11];
            images += std::accumulate(
                record.final->confusion.begin() + static_cast<std::ptrdiff_t>(c * 10),
                record.final->confusion.begin() + static_cast<std::ptrdiff_t>(c * 10 + 10), 0U);
        }
        QCOMPARE(images, 200U);
        QCOMPARE(correct / 200.0, record.final->test.accuracy);
    }

    // A limit on the size of files stands for a full disk.
    void fullDiskLosesNothing() {
        NEEDS_ENGINE();
        const QTemporaryDir folder;
        const CheckpointPlan plan{folder.filePath("c").toStdString(), 0};
        const DeepSpec spec = smallSpec();
        {
            RunControl control;
            Stopper stopper(control, 5);
            runDeep(spec, stopper, control, plan);
        }
        const auto before = readCheckpoint(plan.file);
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit usual{};
        getrlimit(RLIMIT_FSIZE, &usual);
        const rlimit small{100'000, usual.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        RunControl control;
        Stopper stopper(control, 0);
        const auto result = runDeep(spec, stopper, control, plan);
        setrlimit(RLIMIT_FSIZE, &usual);
        QCOMPARE(result.record.status, RunStatus::Completed); // with its whole curve
        QCOMPARE(result.record.epochs.back().iteration, spec.iterations);
        QVERIFY(!stopper.notes.empty());
        QVERIFY2(stopper.notes.front().find("the last one is kept") != std::string::npos,
                 stopper.notes.front().c_str());
        QVERIFY(!result.record.message.empty());
        const auto after = readCheckpoint(plan.file);
        QCOMPARE(after.model.iteration, 5);
        QCOMPARE(after.model.parameters, before.model.parameters);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // no rest of the failed ones
    }

    void damagedCheckpointsAreRefused() {
        NEEDS_ENGINE();
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("c").toStdString();
        DeepSpec spec = smallSpec();
        spec.iterations = 2;
        runThrough(spec, {file, 0});
        std::string bytes;
        {
            std::ifstream in(file, std::ios::binary);
            bytes.assign(std::istreambuf_iterator<char>(in), {});
        }
        const auto refused = [&](const std::string& changed, const char* reason) {
            {
                std::ofstream out(file, std::ios::binary);
                out << changed;
            }
            try {
                readCheckpoint(file);
            } catch (const InputError& error) {
                return std::string(error.what()).find(reason) != std::string::npos;
            }
            return false;
        };
        QVERIFY(refused(bytes.substr(0, bytes.size() / 2), "checksum"));
        std::string flipped = bytes;
        flipped[bytes.size() - 1000] ^= 4;
        QVERIFY(refused(flipped, "checksum"));
        QVERIFY(refused("label,a,b\n1,2,3\n", "is no network"));
        QVERIFY(refused("", "is no network"));
        QVERIFY(refused(bytes.substr(0, 20), "checksum"));
        std::ofstream(file, std::ios::binary) << bytes;
        const Checkpoint sound = readCheckpoint(file);
        for (const float wrong : {std::numeric_limits<float>::quiet_NaN(), HUGE_VALF}) { // rightly summed
            const auto refusesWith = [&](auto&& change) {
                Checkpoint checkpoint = sound;
                change(checkpoint);
                writeCheckpoint(checkpoint, file);
                std::ifstream in(file, std::ios::binary);
                return refused({std::istreambuf_iterator<char>(in), {}}, "no finite number");
            };
            QVERIFY(refusesWith([&](Checkpoint& c) { c.model.parameters.front().front() = wrong; }));
            QVERIFY(refusesWith([&](Checkpoint& c) { c.model.mean.back() = wrong; }));
            QVERIFY(refusesWith([&](Checkpoint& c) { c.training->velocities.back().front() = wrong; }));
        }
        std::ofstream(file, std::ios::binary) << bytes;
        spec.levels = 3;
        QVERIFY_EXCEPTION_THROWN(runThrough(spec, {file, 0}), InputError);
    }
};

QTEST_GUILESS_MAIN(TrainerTest)
#include "trainer_test.moc"
