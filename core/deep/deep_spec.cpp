#include "core/deep/deep_spec.h"

#include "core/base/number_text.h"
#include "core/spec/spec_table.h"

#include <algorithm>

namespace zipml::deep {
namespace {

using nlohmann::json;
using Kind = SpecKey::Kind;
using spec_table::choice;
using spec_table::member;
using spec_table::requireWithin;
using spec_table::text;

constexpr int kFloatBits = 32;

const SpecEntry<DeepSpec> kEntries[] = {
    member<&DeepSpec::name>("name", "TEXT", "name in tables and legends (default: weights and levels)"),
    member<&DeepSpec::data>(
        "data", "DIR|shapes[:N]",
        "folder with CIFAR-10 (*.bin) or MNIST (*-ubyte) files, plain or packed; or N generated images"),
    member<&DeepSpec::trainImages>("train_images", "N", "the most training images, the first ones; 0: all"),
    member<&DeepSpec::testImages>("test_images", "N", "the most test images, the first ones; 0: all"),
    choice<&DeepSpec::network>("network", "what is trained"),
    choice<&DeepSpec::weights>(
        "weights",
        "how the levels of weights are placed; full: as floats; heuristic: the published optimal-5"),
    member<&DeepSpec::levels>("levels", "2..256", "values that a weight can have"),
    choice<&DeepSpec::scope>("scope", "levels for each layer, or for each output channel"),
    {{"rounding", Kind::Text, "nearest|stochastic",
      "of weights, in training; evaluation and export round to the nearest"},
     [](const DeepSpec& s) -> json { return s.rounding == Rounding::Nearest ? "nearest" : "stochastic"; },
     [](DeepSpec& s, const json& v, const std::string&) {
         if (text(v) != "nearest" && text(v) != "stochastic")
             throw InputError("rounding: '" + text(v) + "' is unknown; choose one of nearest, stochastic");
         s.rounding = text(v) == "nearest" ? Rounding::Nearest : Rounding::Stochastic;
     }},
    member<&DeepSpec::refitEvery>(
        "refit_every", "0..1000",
        "steps between two placements of the levels; 0: 10 for optimal and lloyd-max, 1 for others"),
    member<&DeepSpec::firstLayer>("first_layer", "", "round the first layer's weights"),
    member<&DeepSpec::lastLayer>("last_layer", "", "round the last layer's weights"),
    member<&DeepSpec::activationBits>(
        "activation_bits", "1..8|32",
        "2^bits levels for each Relu's output, from 0 to its running maximum; 32: not rounded"),
    member<&DeepSpec::gradientBits>(
        "gradient_bits", "1..8|32",
        "2^bits levels for each weight blob's gradient, rounded at random; 32: not rounded"),
    member<&DeepSpec::iterations>("iterations", "N", "minibatches; 0: as published for the network"),
    member<&DeepSpec::batch>("batch", "N", "images a minibatch; 0: as published for the network"),
    member<&DeepSpec::learningRate>("learning_rate", "R", "of weights; 0: as published for the network"),
    member<&DeepSpec::momentum>("momentum", "0..1", "share of the last step that is taken again; below 1"),
    member<&DeepSpec::weightDecay>("weight_decay", "D", "-1: as published for the network"),
    member<&DeepSpec::drops>(
        "drops", "auto|none|S1,S2,...",
        "shares of the iterations after which the learning rate falls to a tenth; auto: as published"),
    choice<&DeepSpec::mean>(
        "mean",
        "what is subtracted from an image: each pixel's mean over the training images, or each channel's"),
    choice<&DeepSpec::augmentation>("augmentation",
                                    "training images mirrored at random, shifted by up to 4 pixels, or both"),
    member<&DeepSpec::evaluateEvery>("evaluate_every", "N",
                                     "iterations between two evaluations; 0: an epoch"),
    member<&DeepSpec::seed>("seed", "N", "of all random draws"),
    member<&DeepSpec::threads>(
        "threads", "N",
        "0: one a core; equal seeds and threads give equal results, other threads other last digits"),
};

void requireBits(const char* key, int bits) {
    if (bits != kFloatBits)
        requireWithin(key, bits, 1, 8);
}

/// @throws InputError
std::vector<double> parseDrops(const std::string& text) {
    if (text == "none")
        return {};
    const auto drops = parseFiniteList(text);
    const auto within = [](double share) { return share > 0 && share < 1; };
    if (!drops || !std::ranges::all_of(*drops, within) || !std::ranges::is_sorted(*drops))
        throw InputError(
            "drops: '" + text +
            "' is not auto, none or shares of the iterations between 0 and 1 in order, as 0.5,0.75");
    return *drops;
}

} // namespace

std::string displayName(const DeepSpec& spec) {
    if (!spec.name.empty())
        return spec.name;
    std::string name(entryOf(spec.weights).title);
    if (spec.weights != WeightMethod::Full && spec.weights != WeightMethod::Heuristic)
        name += ", " + std::to_string(spec.levels) + " levels";
    return name;
}

int refitInterval(const DeepSpec& spec) {
    if (spec.refitEvery > 0)
        return spec.refitEvery;
    constexpr int kWhereSorted = 10;
    return spec.weights == WeightMethod::Optimal || spec.weights == WeightMethod::LloydMax ? kWhereSorted : 1;
}

Solver solverOf(const DeepSpec& spec, const Network& network) {
    Solver solver = network.solver;
    solver.momentum = spec.momentum;
    if (spec.iterations > 0)
        solver.iterations = spec.iterations;
    if (spec.batch > 0)
        solver.batch = spec.batch;
    if (spec.learningRate > 0)
        solver.learningRate = spec.learningRate;
    if (spec.weightDecay >= 0)
        solver.weightDecay = spec.weightDecay;
    if (spec.drops != "auto")
        solver.drops = parseDrops(spec.drops);
    return solver;
}

void validate(const DeepSpec& spec) {
    if (spec.weights != WeightMethod::Full)
        checkLevels(spec.weights, spec.levels);
    requireWithin("refit_every", spec.refitEvery, 0, 1000);
    requireBits("activation_bits", spec.activationBits);
    requireBits("gradient_bits", spec.gradientBits);
    requireWithin("iterations", spec.iterations, 0, 10'000'000);
    requireWithin("batch", spec.batch, 0, 10'000);
    requireWithin("evaluate_every", spec.evaluateEvery, 0, 10'000'000);
    requireWithin("threads", spec.threads, 0, 1024);
    if (!(spec.learningRate >= 0))
        throw InputError("learning_rate: " + shortest(spec.learningRate) +
                         " is out of range; use a number above 0, or 0 for the network's own");
    if (!(spec.momentum >= 0 && spec.momentum < 1))
        throw InputError("momentum: " + shortest(spec.momentum) +
                         " is out of range; use a number from 0 to below 1");
    if (!(spec.weightDecay >= 0 || spec.weightDecay == -1))
        throw InputError("weight_decay: " + shortest(spec.weightDecay) +
                         " is out of range; use 0 or more, or -1 for the network's own");
    if (spec.drops != "auto")
        parseDrops(spec.drops);
}

std::span<const SpecKey> deepKeys() {
    static const std::vector<SpecKey> keys = spec_table::keys<DeepSpec>(kEntries);
    return keys;
}

json toJson(const DeepSpec& spec) {
    return spec_table::toJson<DeepSpec>(kEntries, spec);
}

DeepSpec deepSpecFromJson(const json& object, const DeepSpec& base) {
    DeepSpec spec = base;
    spec_table::apply<DeepSpec>(kEntries, spec, object, "zipml deep train");
    validate(spec);
    return spec;
}

std::string toCommandLine(const DeepSpec& spec) {
    return "zipml deep train" + spec_table::flags<DeepSpec>(kEntries, spec);
}

} // namespace zipml::deep

namespace zipml {

template <>
std::span<const Named<deep::MeanKind>> namesOf<deep::MeanKind>() {
    using deep::MeanKind;
    static constexpr Named<MeanKind> kNames[] = {
        {MeanKind::Pixel, "pixel", "Mean image", "Each pixel's mean over the training images, as in Caffe."},
        {MeanKind::Channel, "channel", "Mean of channels", "Each channel's mean over the training images."},
    };
    return kNames;
}

template <>
std::span<const Named<deep::Augmentation>> namesOf<deep::Augmentation>() {
    using deep::Augmentation;
    static constexpr Named<Augmentation> kNames[] = {
        {Augmentation::None, "none", "None", "Training images as they are."},
        {Augmentation::Flip, "flip", "Mirrored", "Half of the images mirrored, chosen anew in each epoch."},
        {Augmentation::Crop, "crop", "Shifted", "Shifted by up to 4 pixels; what comes in is the mean."},
        {Augmentation::CropFlip, "crop-flip", "Shifted and mirrored", "Both."},
    };
    return kNames;
}

} // namespace zipml
