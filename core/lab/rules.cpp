#include "core/lab/rules.h"

#include "core/base/number_text.h"
#include "core/lab/compute_device.h"
#include "core/lab/kernel_rules.h"
#include "core/lab/rule_words.h"
#include "core/lab/store_rules.h"
#include "core/quant/any_precision_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

/// The first rule that the run breaks from a switch on.
std::string switchFault(const Situation& at) {
    RunSpec now = at.spec;
    for (const RunSwitch& change : at.spec.at) {
        if (change.epoch > at.spec.sgd.epochs)
            return "epoch " + std::to_string(change.epoch) + " comes after the last of " +
                   std::to_string(at.spec.sgd.epochs);
        now = switched(now, change);
        const Situation then{
            .spec = now, .train = at.train, .task = at.task, .dataName = at.dataName, .classes = at.classes};
        if (const auto conflicts = conflictsOf(then); !conflicts.empty())
            return "from epoch " + std::to_string(change.epoch) + " on, " +
                   std::string(conflicts.front().key) + ": " + conflicts.front().reason;
    }
    return {};
}

bool variesLess(const Situation& at) {
    return at.spec.sgd.solver != SolverKind::Sgd;
}

/// A rule about kernels stands behind those about the settings that it follows from.
constexpr Rule kRules[] = {
    {.key = "at",
     .broken = switchFault,
     .remedy = "change that switch, or leave it out",
     .repair = [](RunSpec& spec, const Situation&) { spec.at.clear(); }},
    // What is learned.
    {.key = "loss",
     .broken =
         [](const Situation& at) {
             return when(needsTwoClasses(at.spec.loss) && at.spec.data.task == Task::Regression,
                         std::string(nameOf(at.spec.loss)) + " needs classes");
         },
     .remedy = "use task classification or loss least-squares",
     .repair = [](RunSpec& spec, const Situation&) { spec.loss = LossKind::LeastSquares; }},
    {.key = "loss",
     .broken =
         [](const Situation& at) {
             return when(needsTwoClasses(at.spec.loss) && at.task == Task::Regression,
                         std::string(nameOf(at.spec.loss)) + " needs classes and " + at.dataName +
                             " has other labels");
         },
     .remedy = "use loss least-squares",
     .repair = [](RunSpec& spec, const Situation&) { spec.loss = LossKind::LeastSquares; }},
    {.key = "class_weights",
     .broken =
         [](const Situation& at) {
             return when(isQuadratic(at.spec.loss) && at.spec.classWeights != ClassWeights{},
                         "least squares has none");
         },
     .remedy = "use 1,1, or loss logistic, hinge or squared-hinge",
     .repair = [](RunSpec& spec, const Situation&) { spec.classWeights = {}; }},
    {.key = "label_scaling",
     .broken =
         [](const Situation& at) {
             const DataSpec& data = at.spec.data;
             return when(data.labelScaling != LabelScalingKind::None &&
                             (needsTwoClasses(at.spec.loss) || data.task == Task::Classification),
                         "classes are -1 and +1 already");
         },
     .remedy = "use none",
     .repair = [](RunSpec& spec, const Situation&) { spec.data.labelScaling = LabelScalingKind::None; }},
    {.key = "split",
     .broken =
         [](const Situation& at) {
             return when(!at.spec.data.test.empty() && at.spec.data.split != 1.0,
                         "a test file and a split exclude each other");
         },
     .remedy = "drop one of them",
     .repair = [](RunSpec& spec, const Situation&) { spec.data.split = 1; }},

    // The estimator.
    {.key = "bits",
     .broken =
         [](const Situation& at) {
             return when(at.spec.bits == VectorQuantizer::kOff && estimatorOf(at).quantized(),
                         "32 means not quantized");
         },
     .remedy = "use estimator full, or 1 to 16 bits",
     .repair = [](RunSpec& spec, const Situation&) { spec.bits = RunSpec{}.bits; }},
    {.key = "estimator",
     .broken =
         [](const Situation& at) {
             const std::string why = whyNotWith(at.spec.estimator, at.spec.loss);
             return why.substr(0, why.rfind("; use "));
         },
     .remedyAt =
         [](const Situation& at) {
             const std::string why = whyNotWith(at.spec.estimator, at.spec.loss);
             return why.substr(why.rfind("use "));
         },
     .repair = [](RunSpec& spec, const Situation&) { spec.estimator = EstimatorKind::Double; }},
    {.key = "interval",
     .broken =
         [](const Situation& at) {
             const PolynomialSpec& polynomial = at.spec.polynomial;
             return when(estimatorOf(at).needs == Needs::Polynomial &&
                             rowOf(at.spec.loss).curvature == nullptr &&
                             polynomial.interval <= 1 + polynomial.band,
                         shortest(polynomial.interval) + " ends before the hinge's band does");
         },
     .remedyAt = [](const Situation& at) { return "use more than " + shortest(1 + at.spec.polynomial.band); },
     .repair = [](RunSpec& spec,
                  const Situation&) { spec.polynomial.interval = 2 * (1 + spec.polynomial.band); }},

    // Solvers and averages.
    {.key = "average",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.lowPrecisionAverage && (at.spec.modelBits < 2 || at.spec.modelBits > 16),
                         "swalp keeps the model in model_bits bits");
         },
     .remedy = "use tail:0.5, or set model_bits to 2 to 16",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.lowPrecisionAverage = false; }},
    {.key = "average",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.lowPrecisionAverage && isComputeDevice(at.spec.device),
                         "swalp runs on the cpu");
         },
     .remedy = "use tail:0.5, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.lowPrecisionAverage = false; }},
    {.key = "solver",
     .broken =
         [](const Situation& at) {
             return when(variesLess(at) && rowOf(at.spec.loss).curvature == nullptr,
                         solverName(at) + " needs a loss whose slope is continuous");
         },
     .remedy = "use squared-hinge, or solver sgd",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.solver = SolverKind::Sgd; }},
    {.key = "solver",
     .broken =
         [](const Situation& at) {
             return when(variesLess(at) && !estimatorOf(at).differences,
                         solverName(at) + " takes its differences from one estimate at two models, which " +
                             estimatorName(at) + " does not give");
         },
     .remedy = "use naive or double, or solver sgd",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.solver = SolverKind::Sgd; }},
    {.key = "average",
     .broken =
         [](const Situation& at) {
             return when(variesLess(at) && at.spec.sgd.tailAverage != 0,
                         solverName(at) + " moves its anchors to averages already");
         },
     .remedy = "use none",
     .repair =
         [](RunSpec& spec, const Situation&) {
             spec.sgd.tailAverage = 0;
             spec.sgd.lowPrecisionAverage = false;
         }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return when(variesLess(at) && isComputeDevice(at.spec.device),
                         "solver " + solverName(at) + " runs on the cpu");
         },
     .remedy = "use device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.device = RunSpec{}.device; }},
    {.key = "solver",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.solver == SolverKind::BitCentering && !isQuadratic(at.spec.loss),
                         "bit-centering takes its range from the least curvature, which is known of least "
                         "squares only");
         },
     .remedy = "use svrg, or loss least-squares",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.solver = SolverKind::Svrg; }},
    {.key = "model_bits",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.solver == SolverKind::BitCentering && at.spec.modelBits < 2,
                         "bit-centering keeps the difference to its anchor in 2 to 16 bits (32: 16 of them)");
         },
     .remedy = "use one of these",
     .repair = [](RunSpec& spec, const Situation&) { spec.modelBits = VectorQuantizer::kOff; }},
    {.key = "arithmetic",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.solver == SolverKind::BitCentering &&
                             at.spec.arithmetic == Arithmetic::Integer,
                         "bit-centering has a range of its own for the model");
         },
     .remedy = "use float, or solver svrg",
     .repair = [](RunSpec& spec, const Situation&) { spec.arithmetic = Arithmetic::Float; }},

    // Levels that are given.
    {.key = "grid",
     .broken =
         [](const Situation& at) {
             return when(at.spec.grid.kind == GridKind::Given && at.spec.grid.levels.size() < 2 &&
                             estimatorOf(at).quantized(),
                         "it has no levels");
         },
     .remedy = "use grid uniform, or levels such as given:-1,-0.3,0,0.5,1",
     .repair = [](RunSpec& spec, const Situation&) { spec.grid = {}; }},
    {.key = "bits",
     .broken =
         [](const Situation& at) {
             return when(at.spec.grid.kind == GridKind::Given && estimatorOf(at).quantized() &&
                             bitsFor(at.spec.grid.levels.size()) > at.spec.bits,
                         std::to_string(at.spec.bits) + (at.spec.bits == 1 ? " bit tells " : " bits tell ") +
                             "fewer levels apart than the " + std::to_string(at.spec.grid.levels.size()) +
                             " that are given");
         },
     .remedyAt =
         [](const Situation& at) {
             return "use " + std::to_string(bitsFor(at.spec.grid.levels.size())) +
                    " or more, or give fewer levels";
         },
     .repair = [](RunSpec& spec, const Situation&) { spec.bits = bitsFor(spec.grid.levels.size()); }},

    // How samples are kept and what computes on them.
    {.key = "store",
     .broken =
         [](const Situation& at) {
             return when(at.spec.store != StoreKind::Packed && estimatorOf(at).quantized() &&
                             !estimatorOf(at).pairs,
                         estimatorName(at) + " reads a packed store");
         },
     .remedy = "use store packed",
     .repair = [](RunSpec& spec, const Situation&) { spec.store = StoreKind::Packed; },
     .ofEstimator = true},
    {.key = "arithmetic",
     .broken =
         [](const Situation& at) {
             return when(at.spec.arithmetic == Arithmetic::Integer && estimatorOf(at).quantized() &&
                             !estimatorOf(at).pairs,
                         estimatorName(at) + " runs row by row in floats");
         },
     .remedy = "use arithmetic float",
     .repair = [](RunSpec& spec, const Situation&) { spec.arithmetic = Arithmetic::Float; },
     .ofEstimator = true},
    {.key = "model_bits",
     .broken =
         [](const Situation& at) {
             return when(at.spec.modelBits != VectorQuantizer::kOff && estimatorOf(at).exactModel,
                         estimatorName(at) + " needs the exact model, which is inside of the slope");
         },
     .remedy = "use 32",
     .repair = [](RunSpec& spec, const Situation&) { spec.modelBits = VectorQuantizer::kOff; },
     .ofEstimator = true},
    {.key = "store",
     .broken =
         [](const Situation& at) {
             return when(at.spec.store == StoreKind::AnyPrecision && !estimatorOf(at).quantized(),
                         "any-precision needs rounded samples");
         },
     .remedy = "choose another estimator than full, or use store packed",
     .repair = [](RunSpec& spec, const Situation&) { spec.store = StoreKind::Packed; },
     .ofEstimator = true},
    {.key = "store",
     .broken =
         [](const Situation& at) {
             return when(at.spec.store == StoreKind::AnyPrecision &&
                             at.spec.bits > AnyPrecisionStore::kMostBits,
                         "any-precision has 1 to 8 bits");
         },
     .remedy = "set bits to these",
     .repair = [](RunSpec& spec, const Situation&) { spec.bits = AnyPrecisionStore::kMostBits; }},
    {.key = "store",
     .broken =
         [](const Situation& at) {
             return when(at.spec.store == StoreKind::AnyPrecision && at.spec.grid.kind != GridKind::Uniform,
                         "any-precision has uniform levels");
         },
     .remedy = "use grid uniform",
     .repair = [](RunSpec& spec, const Situation&) { spec.grid = {}; }},
    {.key = "store",
     .broken =
         [](const Situation& at) {
             return when(at.spec.store == StoreKind::AnyPrecision && copiesOf(at.spec) > 2,
                         "any-precision has at most 2 copies");
         },
     .remedy = "set copies to 2",
     .repair = [](RunSpec& spec, const Situation&) { spec.copies = 2; }},
    {.key = "store",
     .broken =
         [](const Situation& at) {
             return when(at.spec.store == StoreKind::AnyPrecision && at.spec.sgd.batch % kTileRows != 0,
                         "any-precision is read 16 rows at a time");
         },
     .remedy = "use a batch of a multiple of 16",
     .repair =
         [](RunSpec& spec, const Situation&) {
             spec.sgd.batch = (spec.sgd.batch + kTileRows - 1) / kTileRows * kTileRows;
         }},
    {.key = "store",
     .broken =
         [](const Situation& at) {
             return when(at.spec.store == StoreKind::AnyPrecision && isComputeDevice(at.spec.device),
                         "any-precision is read by the cpu only");
         },
     .remedy = "use store packed or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.store = StoreKind::Packed; }},
    {.key = "arithmetic",
     .broken =
         [](const Situation& at) {
             return when(at.spec.arithmetic == Arithmetic::Integer && !estimatorOf(at).quantized(),
                         "integer needs rounded samples");
         },
     .remedy = "choose another estimator than full, or use arithmetic float",
     .repair = [](RunSpec& spec, const Situation&) { spec.arithmetic = Arithmetic::Float; },
     .ofEstimator = true},
    {.key = "arithmetic",
     .broken =
         [](const Situation& at) {
             const int bits = at.spec.modelBits;
             return when(at.spec.arithmetic == Arithmetic::Integer && bits != VectorQuantizer::kOff &&
                             (bits < 2 || bits > 8),
                         "integer holds a model of 2 to 8 bits");
         },
     .remedy = "set model_bits to one of these, or to 32 for 8",
     .repair = [](RunSpec& spec, const Situation&) { spec.modelBits = VectorQuantizer::kOff; }},
    {.key = "arithmetic",
     .broken =
         [](const Situation& at) {
             const std::string why =
                 at.spec.arithmetic == Arithmetic::Integer && !isComputeDevice(at.spec.device)
                     ? whyNotPacked(kernelTaskOf(at))
                     : "";
             return when(!why.empty(), "integer kernels do not go here, because " + why);
         },
     .remedy = "use arithmetic float",
     .repair = [](RunSpec& spec, const Situation&) { spec.arithmetic = Arithmetic::Float; }},
    {.key = "store",
     .broken =
         [](const Situation& at) {
             const std::string why =
                 at.spec.store == StoreKind::AnyPrecision ? whyNotPacked(kernelTaskOf(at)) : "";
             return when(!why.empty(), "any-precision is not read here, because " + why);
         },
     .remedy = "use store packed",
     .repair = [](RunSpec& spec, const Situation&) { spec.store = StoreKind::Packed; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return when(at.spec.device == kReferenceDevice && at.spec.arithmetic == Arithmetic::Integer,
                         "cpu-reference computes in float64");
         },
     .remedy = "use arithmetic float, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.arithmetic = Arithmetic::Float; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return when(at.spec.device == kReferenceDevice && at.spec.store == StoreKind::AnyPrecision,
                         "cpu-reference reads a packed store");
         },
     .remedy = "use store packed, or device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.store = StoreKind::Packed; }},
    {.key = "device",
     .broken =
         [](const Situation& at) {
             return when(at.classes > 2 && isComputeDevice(at.spec.device),
                         at.spec.device + " trains two classes and " + at.dataName + " has " +
                             std::to_string(at.classes));
         },
     .remedy = "use device cpu",
     .repair = [](RunSpec& spec, const Situation&) { spec.device = RunSpec{}.device; }},
};

void throwFirst(const std::vector<Conflict>& conflicts, const Situation& at) {
    if (conflicts.empty())
        return;
    RunSpec repaired = at.spec;
    if (conflicts.front().repair)
        conflicts.front().repair(repaired);
    throw ConflictError(conflicts.front().message(), std::move(repaired));
}

} // namespace

std::string Conflict::message() const {
    return std::string(key) + ": " + reason + "; " + remedy;
}

void addConflicts(std::span<const Rule> rules, const Situation& at, std::vector<Conflict>& conflicts) {
    for (const Rule& rule : rules) {
        const std::string reason = rule.broken(at);
        if (reason.empty())
            continue;
        Conflict conflict{rule.key,
                          reason,
                          rule.remedyAt != nullptr ? rule.remedyAt(at) : std::string(rule.remedy),
                          {},
                          rule.ofEstimator};
        if (rule.repair != nullptr)
            conflict.repair = [&rule, at](RunSpec& spec) { rule.repair(spec, at); };
        conflicts.push_back(std::move(conflict));
    }
}

std::vector<Conflict> settingsConflicts(const Situation& at) {
    std::vector<Conflict> conflicts;
    if (at.store != nullptr)
        addConflicts(decidedRules(), at, conflicts);
    addConflicts(kRules, at, conflicts);
    if (at.packs)
        addConflicts(packingRules(), at, conflicts);
    if (at.store != nullptr)
        addConflicts(storeRules(), at, conflicts);
    return conflicts;
}

std::vector<Conflict> conflictsOf(const Situation& at) {
    std::vector<Conflict> conflicts = settingsConflicts(at);
    addDeviceConflicts(at, conflicts);
    return conflicts;
}

void requireSettings(const Situation& at) {
    throwFirst(settingsConflicts(at), at);
}

void requireNoConflict(const Situation& at) {
    requireSettings(at);
    std::vector<Conflict> conflicts;
    addDeviceConflicts(at, conflicts);
    if (!conflicts.empty())
        fullDeviceName(at.spec.device); // that there is none is said first
    throwFirst(conflicts, at);
}

RunSpec repaired(RunSpec spec) {
    constexpr int kMost = 100; // a repair may break another rule, each once
    for (int i = 0; i < kMost; ++i) {
        const auto conflicts = conflictsOf({.spec = spec});
        const auto found =
            std::ranges::find_if(conflicts, [](const Conflict& c) { return c.repair != nullptr; });
        if (found == conflicts.end())
            break;
        found->repair(spec);
    }
    return spec;
}

RunSpec makingRoom(RunSpec spec, std::span<const std::string_view> wanted) {
    const nlohmann::json usual = toJson(RunSpec{});
    for (const Conflict& conflict : conflictsOf({.spec = spec}))
        if (const std::string key(conflict.key); std::ranges::find(wanted, key) == wanted.end())
            spec = uncheckedSpecFromJson({{key, usual.at(key)}}, spec);
    return repaired(std::move(spec));
}

std::optional<Conflict> whyNotChoose(const RunSpec& spec, std::string_view key, const nlohmann::json& value) {
    const RunSpec changed = uncheckedSpecFromJson({{std::string(key), value}}, spec);
    const auto before = conflictsOf({.spec = spec});
    for (Conflict& conflict : conflictsOf({.spec = changed}))
        if (std::ranges::none_of(before,
                                 [&](const Conflict& c) { return c.message() == conflict.message(); }))
            return std::move(conflict);
    return {};
}

} // namespace zipml
