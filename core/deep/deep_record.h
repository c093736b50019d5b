#pragma once
/// What happened in a network's training: plain data that travels to tables, plots and files.

#include "core/base/run_status.h"
#include "core/deep/deep_spec.h"

#include <optional>

namespace zipml::deep {

/// The network on images it is not trained on at that moment, weights rounded to the nearest level.
struct Evaluation {
    double loss = 0;                     ///< mean softmax cross-entropy, natural logarithm
    double accuracy = 0;                 ///< 0 to 1
    std::vector<std::uint8_t> predicted; ///< a label an image
    std::vector<float> outputs;          ///< of each image, one number a class; softmax gives probabilities
};

/// The state at an evaluation: after an epoch, or as evaluate_every says.
struct DeepEpoch {
    int iteration = 0; ///< minibatches since the start
    double epoch = 0;  ///< passes over the training images since the start
    double learningRate = 0;
    double trainLoss = 0;     ///< mean over the minibatches since the last evaluation, each before its step
    double trainAccuracy = 0; ///< likewise
    double testLoss = 0, testAccuracy = 0;
    double quantizationError = 0; ///< sum of (w - rounded w)^2 over that of w^2, rounded blobs only
    double seconds = 0;           ///< of training since the start, without evaluation
    double quantizerSeconds = 0;  ///< the quantizers' part of it
    double imagesPerSecond = 0;   ///< in training, since the last evaluation
};

/// Known before the first step.
struct DeepSetup {
    std::string data;        ///< "cifar10: 35000 training and 9966 test images"
    std::string fingerprint; ///< ImageData::fingerprint
    std::vector<std::string> classes;
    std::size_t trainImages = 0, testImages = 0;
    Shape input;
    Solver solver; ///< as used
    std::size_t parameters = 0;
    std::uint64_t floatBytes = 0;  ///< of all parameters as floats
    std::uint64_t storedBytes = 0; ///< as stored: level numbers of ceil(log2 levels) bits, levels as floats
    int threads = 0;
    int resumedAt = 0; ///< iteration of the checkpoint; 0: started anew
};

/// On all training and all test images, at the end.
struct DeepFinal {
    Evaluation train, test;
    std::vector<std::uint32_t> confusion; ///< test images; classes x classes, a row a label
};

struct DeepRecord {
    DeepSpec spec;
    DeepSetup setup;
    std::vector<DeepEpoch> epochs;
    std::optional<DeepFinal> final; ///< of completed runs
    RunStatus status = RunStatus::Completed;
    std::string message;            ///< for Diverged
    std::vector<std::string> notes; ///< what went wrong without ending the run
};

nlohmann::json toJson(const DeepEpoch& epoch);
/// @throws InputError naming the key that is missing or of a wrong type.
DeepEpoch deepEpochFromJson(const nlohmann::json& object);
nlohmann::json toJson(const DeepRecord& record);
/// One line an evaluation, with a header.
std::string toCsv(const DeepRecord& record);

/// Images of each label (row) that were taken for each class (column).
std::vector<std::uint32_t> confusionOf(std::span<const std::uint8_t> labels,
                                       std::span<const std::uint8_t> predicted, std::size_t classes);

} // namespace zipml::deep
