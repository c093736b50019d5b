#include "core/lab/store_rules.h"

#include "core/lab/compute_device.h"
#include "core/lab/kernel_rules.h"
#include "core/lab/rule_words.h"
#include "core/quant/store_file.h"

#include <algorithm>

namespace zipml {
namespace {

std::string fileOf(const Situation& at) {
    return at.storeSpec->data.source;
}

/// A setting that the store has decided. @param own as it decided, in words
std::string decided(const Situation& at, bool equal, const std::string& own) {
    return when(!equal, fileOf(at) + " was packed with " + own);
}
constexpr std::string_view kDropIt = "drop this setting, or pack the data again";

std::string copiesRemedy(const Situation& at) {
    return std::string("use ") +
           (at.store->options.rounding == Rounding::Nearest ? "nearest"
            : at.store->options.copies == 1                 ? "naive or corrected"
                                                            : "double, double-mean or end-to-end") +
           ", or pack the data again";
}

void chooseByStore(RunSpec& spec, const Situation& at) {
    spec.estimator = at.store->options.rounding == Rounding::Nearest ? EstimatorKind::Nearest
                     : at.store->options.copies == 1                 ? EstimatorKind::Naive
                                                                     : EstimatorKind::Double;
}

constexpr Rule kPacking[] = {
    {.key = "estimator",
     .broken =
         [](const Situation& at) {
             return when(!estimatorOf(at).quantized(), "full does not round samples");
         },
     .remedy = "choose another one, such as double",
     .repair = [](RunSpec& spec, const Situation&) { spec.estimator = EstimatorKind::Double; }},
    {.key = "estimator",
     .broken =
         [](const Situation& at) {
             return when(!estimatorOf(at).pairs, estimatorName(at) + " trains on the data file only");
         },
     .remedy = "choose another one, such as naive",
     .repair = [](RunSpec& spec, const Situation&) { spec.estimator = EstimatorKind::Naive; }},
    {.key = "label_scaling",
     .broken =
         [](const Situation& at) {
             return when(at.spec.data.labelScaling != LabelScalingKind::None,
                         "a store holds labels as they are in the file");
         },
     .remedy = "use none",
     .repair = [](RunSpec& spec, const Situation&) { spec.data.labelScaling = LabelScalingKind::None; }},
    {.key = "split",
     .broken =
         [](const Situation& at) {
             return when(!at.spec.data.test.empty() || at.spec.data.split < 1.0,
                         "a store holds training rows only");
         },
     .remedy = "give the test file to zipml train, and split a file before it is packed",
     .repair =
         [](RunSpec& spec, const Situation&) {
             spec.data.test.clear();
             spec.data.split = 1;
         }},
    {.key = "data",
     .broken =
         [](const Situation& at) {
             return when(at.classes > 2, at.dataName + " has more than two classes and a store holds two");
         },
     .remedy = "train on the file itself"},
};

/// A change that lets kernels train on a store, with what a person does for it.
struct KernelRemedy {
    std::string_view words;
    void (*inTask)(KernelTask& task);
    void (*change)(RunSpec& spec);
    bool alone = false; ///< it is of no use beside others: integers and floats could take turns
};

constexpr KernelRemedy kKernelRemedies[] = {
    {"use arithmetic integer",
     [](KernelTask& task) {
         task.integer = true;
         task.model.bits = std::min(task.model.bits, 8);
     },
     [](RunSpec& spec) { spec.arithmetic = Arithmetic::Integer; }, true},
    {"use arithmetic float", [](KernelTask& task) { task.integer = false; },
     [](RunSpec& spec) { spec.arithmetic = Arithmetic::Float; }, true},
    {"use a batch of a multiple of 16", [](KernelTask& task) { task.batch = kTileRows; },
     [](RunSpec& spec) { spec.sgd.batch = (spec.sgd.batch + kTileRows - 1) / kTileRows * kTileRows; }},
    {"pack the data with at most 8 bits", [](KernelTask& task) { task.bits = 8; },
     [](RunSpec& spec) { spec.bits = 8; }},
    {"pack the data with copies 2", [](KernelTask& task) { task.copies = 2; },
     [](RunSpec& spec) { spec.copies = 2; }},
    {"pack the data with grid uniform", [](KernelTask& task) { task.grids = {}; },
     [](RunSpec& spec) { spec.grid = {}; }},
};

/// One that suffices; else one that takes the reason away.
const KernelRemedy& kernelRemedy(const Situation& at) {
    const KernelTask task = kernelTaskOf(at);
    const std::string reason = whyNotPacked(task);
    const KernelRemedy* helps = nullptr;
    for (const KernelRemedy& remedy : kKernelRemedies) {
        KernelTask changed = task;
        remedy.inTask(changed);
        const std::string left = whyNotPacked(changed);
        if (left.empty())
            return remedy;
        if (helps == nullptr && left != reason && !remedy.alone)
            helps = &remedy;
    }
    return helps != nullptr ? *helps : kKernelRemedies[std::size(kKernelRemedies) - 1];
}

/// Asked first: what the store has decided is no choice that other rules could speak of.
constexpr Rule kDecided[] = {
    {.key = "store",
     .broken =
         [](const Situation& at) { return decided(at, at.spec.store == StoreKind::Packed, "store packed"); },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation&) { spec.store = StoreKind::Packed; }},
    {.key = "bits",
     .broken =
         [](const Situation& at) {
             const int own = at.store->options.bits;
             return decided(at, at.spec.bits == own, std::to_string(own) + " bits");
         },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation& at) { spec.bits = at.storeSpec->bits; }},
    {.key = "copies",
     .broken =
         [](const Situation& at) {
             const int own = at.store->options.copies;
             return decided(at, copiesOf(at.spec) == own, std::to_string(own) + " copies");
         },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation& at) { spec.copies = at.store->options.copies; }},
    {.key = "grid",
     .broken =
         [](const Situation& at) {
             return decided(at, at.spec.grid == at.storeSpec->grid, "grid " + inShort(at.storeSpec->grid));
         },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation& at) { spec.grid = at.storeSpec->grid; }},
    {.key = "shared_grid",
     .broken =
         [](const Situation& at) {
             return decided(at, at.spec.sharedGrid == at.storeSpec->sharedGrid,
                            at.storeSpec->sharedGrid ? "one grid for all features"
                                                     : "a grid for each feature");
         },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation& at) { spec.sharedGrid = at.storeSpec->sharedGrid; }},
    {.key = "scaling",
     .broken =
         [](const Situation& at) {
             const ScalingKind own = at.store->scaling.kind;
             return decided(at, at.spec.data.scaling == own, "scaling " + std::string(nameOf(own)));
         },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation& at) { spec.data.scaling = at.store->scaling.kind; }},
    {.key = "task",
     .broken =
         [](const Situation& at) {
             const Task own = at.store->task;
             return decided(at, at.spec.data.task.value_or(own) == own, "task " + std::string(nameOf(own)));
         },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation& at) { spec.data.task = at.store->task; }},
    {.key = "label_scaling",
     .broken =
         [](const Situation& at) {
             return decided(at, at.spec.data.labelScaling == LabelScalingKind::None, "labels as they are");
         },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation&) { spec.data.labelScaling = LabelScalingKind::None; }},
    {.key = "split",
     .broken =
         [](const Situation& at) { return decided(at, at.spec.data.split == 1.0, "all rows for training"); },
     .remedy = kDropIt,
     .repair = [](RunSpec& spec, const Situation&) { spec.data.split = 1; }},
};

constexpr Rule kTraining[] = {
    {.key = "estimator",
     .broken =
         [](const Situation& at) {
             return when(!estimatorOf(at).quantized(),
                         "full needs the unquantized data, which " + fileOf(at) + " does not hold");
         },
     .remedy = "choose another one, or train on the data file",
     .repair = chooseByStore},
    {.key = "estimator",
     .broken =
         [](const Situation& at) {
             return when(!estimatorOf(at).pairs,
                         estimatorName(at) + " trains on the data file, not on " + fileOf(at));
         },
     .remedy = "use naive or double",
     .repair = chooseByStore},
    {.key = "estimator",
     .broken =
         [](const Situation& at) {
             const int copies = at.store->options.copies;
             return when(copies < estimatorOf(at).copies || copies > estimatorOf(at).mostCopies,
                         estimatorName(at) + " does not go with the " + std::to_string(copies) +
                             (copies == 1 ? " rounding of a value in " : " roundings of a value in ") +
                             fileOf(at));
         },
     .remedyAt = copiesRemedy,
     .repair = chooseByStore},
    {.key = "estimator",
     .broken =
         [](const Situation& at) {
             const Rounding own = at.store->options.rounding;
             return when(estimatorOf(at).rounding != own,
                         estimatorName(at) + " does not go with the " +
                             (own == Rounding::Nearest ? "nearest" : "random") + " roundings in " +
                             fileOf(at));
         },
     .remedyAt =
         [](const Situation& at) {
             return std::string("use ") +
                    (at.store->options.rounding == Rounding::Nearest ? "nearest" : "naive") +
                    ", or pack the data again";
         },
     .repair = chooseByStore},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return when(isComputeDevice(at.spec.device) || at.spec.device == kReferenceDevice,
                         at.spec.device + " rounds the samples itself and does not read " + fileOf(at));
         },
     .remedy = "use device cpu, or train on the data file",
     .repair = [](RunSpec& spec, const Situation&) { spec.device = RunSpec{}.device; }},
    {.key = "at",
     .broken =
         [](const Situation& at) {
             return when(!at.spec.at.empty(), fileOf(at) + " was packed for one estimator, width and grid");
         },
     .remedy = "leave it out, or train on the data file",
     .repair = [](RunSpec& spec, const Situation&) { spec.at.clear(); }},
    {.key = "solver",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.solver != SolverKind::Sgd,
                         solverName(at) + " needs the unquantized data for its anchors, which " + fileOf(at) +
                             " does not hold");
         },
     .remedy = "use sgd, or train on the data file",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.solver = SolverKind::Sgd; }},
    {.key = "data",
     .broken =
         [](const Situation& at) {
             const std::string why = whyNotPacked(kernelTaskOf(at));
             return when(!why.empty(), fileOf(at) + " cannot be trained on like this, because " + why);
         },
     .remedyAt = [](const Situation& at) { return std::string(kernelRemedy(at).words); },
     .repair = [](RunSpec& spec, const Situation& at) { kernelRemedy(at).change(spec); }},
    {.key = "rounding",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.rounding == RoundingTime::Epoch,
                         "epoch needs the unquantized data, which " + fileOf(at) + " does not hold");
         },
     .remedy = "use frozen, or train on the data file",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.rounding = RoundingTime::Frozen; }},
};

} // namespace

std::span<const Rule> packingRules() {
    return kPacking;
}

std::span<const Rule> decidedRules() {
    return kDecided;
}

std::span<const Rule> storeRules() {
    return kTraining;
}

} // namespace zipml
