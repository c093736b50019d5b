#pragma once
/// A trained network as a value, its file, and checkpoints: a model and what its training needs to go on.

#include "core/deep/deep_record.h"

#include <filesystem>

namespace zipml::deep {

/// Everything that decides what a network answers.
struct Model {
    DeepSpec spec;
    Shape input;
    std::vector<std::string> classes;
    std::string data; ///< what it was trained on
    int iteration = 0;
    std::vector<float> mean; ///< one a pixel and channel, 0 to 255; see Network::inputScale
    std::vector<std::vector<float>> parameters; ///< full precision; order of Network::parameters
    std::vector<std::vector<float>> buffers;
    /// WeightQuantizer::state for each parameter and each of its sets; empty: not rounded
    std::vector<std::vector<std::vector<double>>> levels;
};

Network networkOf(const Model& model);
/// What a run's setup is as far as a model tells; counts of images are 0.
DeepSetup setupOf(const Model& model);
/// The quantizer of each parameter, levels as in the model; null: not rounded.
std::vector<std::unique_ptr<LayerQuantizer>> quantizersOf(const Model& model);
/// Quantizers without levels, for the spec's method on the layers that it chooses.
std::vector<std::unique_ptr<LayerQuantizer>> makeQuantizers(const DeepSpec& spec, const Network& network);
/// Bytes of the parameters as DeepSetup::storedBytes counts them.
std::uint64_t storedBytes(const DeepSpec& spec, const Network& network);

/// What training needs beside the model in order to go on.
struct Training {
    std::vector<std::vector<float>> velocities; ///< order of Network::parameters
    std::vector<DeepEpoch> epochs;
    /// Since the last evaluation.
    double lossSum = 0;
    std::uint64_t images = 0, correct = 0;
    double seconds = 0, quantizerSeconds = 0; ///< since the start
    double evaluatedAt = 0;                   ///< `seconds` at the last evaluation
    std::string fingerprint;                  ///< ImageData::fingerprint
};

struct Checkpoint {
    Model model;
    std::optional<Training> training; ///< absent in a model file
};

/// With a checksum; written aside and renamed. @throws RunError when it cannot be written: what the file held
/// before is kept.
void writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file);
/// A model file or a checkpoint. @throws InputError when it is none, damaged or of another version.
Checkpoint readCheckpoint(const std::filesystem::path& file);

} // namespace zipml::deep
