#include "accel/opencl_rules.h"

#include "core/lab/compute_device.h"

#include <algorithm>

namespace zipml {
namespace {

bool rounds(const Situation& at) {
    return estimatorOf(at.spec.estimator).quantized();
}
std::string because(bool broken, const std::string& why) {
    return broken ? "OpenCL kernels do not go here, because " + why : std::string();
}

constexpr Rule kRules[] = {
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return because(!rowOf(at.spec.regularizer.kind).onDevices, "they do not have this regularizer");
         },
     .remedy = "use regularizer none, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.regularizer = {}; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return because(!rowOf(at.spec.loss).onDevices, "they do not have this loss");
         },
     .remedy = "use loss logistic, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.loss = LossKind::Logistic; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return because(!estimatorOf(at.spec.estimator).onDevices,
                            std::string(nameOf(at.spec.estimator)) + " runs row by row on the cpu");
         },
     .remedy = "use estimator double, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.estimator = EstimatorKind::Double; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return because(at.spec.arithmetic == Arithmetic::Integer, "they compute in float32");
         },
     .remedy = "use arithmetic float, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.arithmetic = Arithmetic::Float; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return because(rounds(at) && !std::ranges::all_of(at.grids, &Grid::isUniform),
                            "their levels are uniform");
         },
     .remedy = "use grid uniform, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.grid = {}; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return because(rounds(at) && at.spec.bits > 8 && at.spec.bits != VectorQuantizer::kOff,
                            "a level's index has at most 8 bits there");
         },
     .remedy = "use bits 1 to 8, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.bits = 8; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return because(copiesOf(at.spec) > 2, "they read at most two roundings of a value");
         },
     .remedy = "use copies 2, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.copies = 2; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return because(rounds(at) && at.train != nullptr && at.spec.sgd.batch % kTileRows != 0 &&
                                at.spec.sgd.batch < at.train->rows,
                            "they read 16 rows at a time");
         },
     .remedy = "use a batch of a multiple of 16, or device cpu",
     .repair =
         [](RunSpec& spec, const Situation&) {
             spec.sgd.batch = (spec.sgd.batch + kTileRows - 1) / kTileRows * kTileRows;
         }},
};

} // namespace

std::span<const Rule> openClRules() {
    return kRules;
}

void requireOpenClGoes(const DeviceTask& task) {
    const GradientMethod& method = task.method;
    RunSpec spec;
    spec.estimator = method.estimator->kind;
    spec.loss = method.loss.kind;
    spec.arithmetic = method.integer ? Arithmetic::Integer : Arithmetic::Float;
    if (!task.grids.empty()) {
        spec.bits = task.store.bits;
        spec.copies = task.store.copies;
    }
    spec.sgd.batch = task.batch;
    std::vector<Conflict> conflicts;
    addConflicts(kRules, {.spec = spec, .train = &task.train, .grids = task.grids}, conflicts);
    if (!conflicts.empty())
        throw InputError(conflicts.front().message());
}

} // namespace zipml
