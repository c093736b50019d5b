#include "core/deep/trainer.h"

#include "core/kernels/random_words.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

namespace zipml::deep {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

RandomStream draws(const DeepSpec& spec, Purpose purpose, int iteration, std::size_t parameter) {
    return {spec.seed, purpose, static_cast<std::uint32_t>(iteration), static_cast<std::uint16_t>(parameter)};
}

/// To 2^bits equally spaced levels between the ends -max|g| and max|g|, at random, mean kept.
void roundGradient(std::span<float> gradient, int bits, const RandomStream& stream) {
    double most = 0;
    for (const float value : gradient)
        most = std::max(most, std::abs(static_cast<double>(value)));
    if (!(most > 0) || !std::isfinite(most))
        return;
    std::vector<std::uint32_t> words((gradient.size() + 3) / 4 * 4);
    fillRandomWords(stream, 0, 0, words);
    const double gap = 2 * most / static_cast<double>((1 << bits) - 1);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const double place = (gradient[i] + most) / gap;
        const double below = std::floor(place);
        const double level = below + (words[i] * 0x1p-32 < place - below ? 1 : 0);
        gradient[i] = static_cast<float>(level * gap - most);
    }
}

} // namespace

Trainer::Trainer(const DeepSpec& spec, const ImageData& data)
    : data_(data),
      network_(makeNetwork(spec.network, data.train.shape, static_cast<int>(data.classes.size()))),
      solver_(solverOf(spec, network_)), quantizers_(makeQuantizers(spec, network_)) {
    validate(spec);
    model_.spec = spec;
    model_.input = data.train.shape;
    model_.classes = data.classes;
    model_.data = data.describe();
    model_.mean = meanImage(data.train, spec.mean);
    training_.fingerprint = data.fingerprint();
    source_ = std::make_unique<MinibatchSource>(data.train, model_.mean, network_.inputScale, solver_.batch,
                                                spec.augmentation, spec.seed);
    engine_ = makeEngine(network_, {spec.threads, spec.activationBits});
    initialise();
}

void Trainer::initialise() {
    for (std::size_t i = 0; i < network_.parameters.size(); ++i) {
        const auto& parameter = network_.parameters[i];
        std::vector<float> values(parameter.size(), parameter.role == Role::Scale ? 1.0F : 0.0F);
        if (parameter.role == Role::Weight) {
            const RandomStream stream = draws(model_.spec, Purpose::RandomModel, 0, i);
            for (std::size_t v = 0; v < values.size(); v += 4) {
                const auto normals = stream.normals(0, static_cast<std::uint32_t>(v / 4));
                for (std::size_t k = 0; k < 4 && v + k < values.size(); ++k)
                    values[v + k] = static_cast<float>(parameter.deviation * normals[k]);
            }
        }
        training_.velocities.emplace_back(values.size());
        model_.parameters.push_back(std::move(values));
        model_.levels.emplace_back();
    }
    for (const auto& buffer : network_.buffers)
        model_.buffers.emplace_back(buffer.size, buffer.initial);
}

void Trainer::restore(const Checkpoint& checkpoint) {
    nlohmann::json before = toJson(checkpoint.model.spec), now = toJson(model_.spec);
    before.erase("name");
    now.erase("name");
    for (const auto& [key, value] : now.items())
        if (before.at(key) != value)
            throw InputError("it is of a run with " + key + " " + before.at(key).dump() + ", this one has " +
                             value.dump() + "; name another checkpoint, or remove it");
    if (!checkpoint.training)
        throw InputError("it is a model, not a checkpoint: it does not say how to go on");
    if (checkpoint.model.data != model_.data || checkpoint.model.mean != model_.mean)
        throw InputError("it was trained on other data (" + checkpoint.model.data + ")");
    if (checkpoint.training->fingerprint != training_.fingerprint)
        throw InputError("it is of other images, or of another version of the program (" +
                         checkpoint.training->fingerprint + " then, " + training_.fingerprint +
                         " now); name another checkpoint, or remove it");
    const std::string name = model_.spec.name;
    model_ = checkpoint.model;
    model_.spec.name = name;
    training_ = *checkpoint.training;
    quantizers_ = quantizersOf(model_);
    for (std::size_t i = 0; i < model_.buffers.size(); ++i)
        std::ranges::copy(model_.buffers[i], engine_->buffer(i).begin());
    source_ = std::make_unique<MinibatchSource>(data_.train, model_.mean, network_.inputScale, solver_.batch,
                                                model_.spec.augmentation, model_.spec.seed);
}

double Trainer::learningRate() const {
    const double share = static_cast<double>(model_.iteration) / solver_.iterations;
    double rate = solver_.learningRate;
    for (const double drop : solver_.drops)
        rate *= share >= drop ? 0.1 : 1;
    return rate;
}

bool Trainer::evaluationDue() const {
    const int every = model_.spec.evaluateEvery > 0 ? model_.spec.evaluateEvery : source_->batchesAnEpoch();
    return model_.iteration % every == 0 || finished();
}

/// What the network computes with next.
void Trainer::roundWeights(bool nearest) {
    const auto begin = Clock::now();
    const bool refit = model_.iteration % refitInterval(model_.spec) == 0;
    const bool atRandom = !nearest && model_.spec.rounding == Rounding::Stochastic;
    for (std::size_t i = 0; i < quantizers_.size(); ++i) {
        const auto& weights = model_.parameters[i];
        if (!quantizers_[i]) {
            std::ranges::copy(weights, engine_->parameter(i).begin());
            continue;
        }
        if (refit && !nearest) {
            quantizers_[i]->fit(weights);
            model_.levels[i] = quantizers_[i]->state();
        }
        quantizers_[i]->round(
            weights, engine_->parameter(i),
            atRandom ? std::optional(draws(model_.spec, Purpose::ModelRounding, model_.iteration, i))
                     : std::nullopt);
    }
    training_.quantizerSeconds += secondsSince(begin);
}

double Trainer::step() {
    const auto begin = Clock::now();
    source_->fill(model_.iteration);
    roundWeights(false);
    const auto result = engine_->step(source_->images(), source_->labels());
    if (std::isfinite(result.loss)) {
        const double rate = learningRate();
        for (std::size_t i = 0; i < network_.parameters.size(); ++i)
            update(i, rate);
        for (std::size_t i = 0; i < model_.buffers.size(); ++i)
            std::ranges::copy(engine_->buffer(i), model_.buffers[i].begin());
        ++model_.iteration;
        training_.lossSum += result.loss * solver_.batch;
        training_.images += static_cast<std::uint64_t>(solver_.batch);
        training_.correct += static_cast<std::uint64_t>(result.correct);
    }
    training_.seconds += secondsSince(begin);
    return result.loss;
}

/// Caffe's rule: v <- momentum v + rate (g + decay w), w <- w - v; a change of the rate acts on new steps
/// only.
void Trainer::update(std::size_t index, double learningRate) {
    const auto& parameter = network_.parameters[index];
    auto& weights = model_.parameters[index];
    const auto found = engine_->gradient(index);
    gradient_.assign(found.begin(), found.end());
    if (parameter.role == Role::Weight && model_.spec.gradientBits < 32)
        roundGradient(gradient_, model_.spec.gradientBits,
                      draws(model_.spec, Purpose::GradientRounding, model_.iteration, index));
    if (quantizers_[index]) {
        const auto begin = Clock::now();
        quantizers_[index]->backward(weights, gradient_);
        quantizers_[index]->train(learningRate, solver_.momentum);
        model_.levels[index] = quantizers_[index]->state();
        training_.quantizerSeconds += secondsSince(begin);
    }
    const auto rate = static_cast<float>(learningRate * parameter.rate);
    const auto decay = static_cast<float>(solver_.weightDecay * parameter.decay);
    const auto momentum = static_cast<float>(solver_.momentum);
    float* const velocity = training_.velocities[index].data();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        velocity[i] = momentum * velocity[i] + rate * (gradient_[i] + decay * weights[i]);
        weights[i] -= velocity[i];
    }
}

Evaluation Trainer::evaluate(const ImageSet& images, const Job& job) {
    roundWeights(true);
    return deep::evaluate(*engine_, network_, images, model_.mean, job);
}

Evaluation Trainer::evaluateEpoch(const Job& job) {
    Evaluation test = evaluate(data_.test, job);
    DeepEpoch epoch;
    epoch.iteration = model_.iteration;
    epoch.epoch =
        static_cast<double>(model_.iteration) * solver_.batch / static_cast<double>(data_.train.size());
    epoch.learningRate = learningRate();
    const auto images = static_cast<double>(training_.images);
    epoch.trainLoss = training_.lossSum / images;
    epoch.trainAccuracy = static_cast<double>(training_.correct) / images;
    epoch.testLoss = test.loss;
    epoch.testAccuracy = test.accuracy;
    epoch.quantizationError = quantizationError();
    epoch.seconds = training_.seconds;
    epoch.quantizerSeconds = training_.quantizerSeconds;
    epoch.imagesPerSecond = images / (training_.seconds - training_.evaluatedAt);
    training_.epochs.push_back(epoch);
    training_.evaluatedAt = training_.seconds;
    training_.lossSum = 0;
    training_.images = training_.correct = 0;
    return test;
}

double Trainer::quantizationError() const {
    double error = 0, total = 0;
    for (std::size_t i = 0; i < quantizers_.size(); ++i) {
        if (!quantizers_[i])
            continue;
        const auto rounded = engine_->parameter(i);
        for (std::size_t k = 0; k < rounded.size(); ++k) {
            const double weight = model_.parameters[i][k];
            error += (weight - rounded[k]) * (weight - rounded[k]);
            total += weight * weight;
        }
    }
    return total > 0 ? error / total : 0;
}

} // namespace zipml::deep
