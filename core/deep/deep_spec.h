#pragma once
/// A network's training is a value: a DeepSpec says everything that decides the result. Keys are those of the
/// command line with '_' for '-'.

#include "core/deep/network.h"
#include "core/deep/weight_quantizer.h"
#include "core/spec/spec_key.h"

namespace zipml::deep {

/// What is subtracted from an image.
enum class MeanKind { Pixel, Channel };
/// How training images are varied, anew in each epoch.
enum class Augmentation { None, Flip, Crop, CropFlip };

struct DeepSpec {
    std::string name;                              ///< in tables and legends; empty: displayName's
    std::string data = "shapes";                   ///< see loadImageData
    std::uint32_t trainImages = 0, testImages = 0; ///< the most; 0: all
    NetworkKind network = NetworkKind::Cifar10Quick;
    WeightMethod weights = WeightMethod::Optimal;
    int levels = 5; ///< of a weight
    LevelScope scope = LevelScope::Layer;
    Rounding rounding = Rounding::Nearest;      ///< or Stochastic
    int refitEvery = 10;                        ///< steps between two placements of the levels
    bool firstLayer = true, lastLayer = true;   ///< whether its weights are rounded
    int activationBits = 32, gradientBits = 32; ///< 1..8; 32: not rounded
    int iterations = 0;                         ///< minibatches; 0: as published for the network
    int batch = 0;                              ///< images a minibatch; 0: likewise
    double learningRate = 0;                    ///< 0: likewise
    double momentum = 0.9;
    double weightDecay = -1;    ///< -1: likewise
    std::string drops = "auto"; ///< shares of the iterations after which the rate falls to a tenth
    MeanKind mean = MeanKind::Pixel;
    Augmentation augmentation = Augmentation::None;
    int evaluateEvery = 0; ///< iterations between two evaluations; 0: an epoch
    std::uint64_t seed = 1;
    int threads = 0; ///< 0: one a core. More change the order of sums, and so the last digits

    bool operator==(const DeepSpec&) const = default;
};

/// "Optimal, 5 levels"
std::string displayName(const DeepSpec& spec);
/// Steps between two placements of the levels: the spec's, or 1, but 10 where placing means sorting.
int refitInterval(const DeepSpec& spec);
/// What the network is trained with: its own values where the spec leaves them open.
Solver solverOf(const DeepSpec& spec, const Network& network);

/// @throws InputError naming the first key that is out of range and what would be right.
void validate(const DeepSpec& spec);

std::span<const SpecKey> deepKeys();
/// All keys, defaults included.
nlohmann::json toJson(const DeepSpec& spec);
/// Keys that are absent keep `base`'s values. @throws InputError on an unknown key, a wrong type or a bad
/// value.
DeepSpec deepSpecFromJson(const nlohmann::json& json, const DeepSpec& base = {});
/// The command that repeats the run: "zipml deep train --levels 3"; settings at their defaults are left out.
std::string toCommandLine(const DeepSpec& spec);

} // namespace zipml::deep

namespace zipml {
template <>
std::span<const Named<deep::MeanKind>> namesOf<deep::MeanKind>();
template <>
std::span<const Named<deep::Augmentation>> namesOf<deep::Augmentation>();
} // namespace zipml
