#include "core/lab/run_spec.h"

#include "core/base/file.h"
#include "core/base/number_text.h"
#include "core/data/synthetic.h"
#include "core/lab/compute_device.h"
#include "core/quant/any_precision_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

void require(bool holds, const std::string& message) {
    if (!holds)
        throw InputError(message);
}

void requireBits(const std::string& key, int bits) {
    require((bits >= 1 && bits <= 16) || bits == VectorQuantizer::kOff,
            key + ": " + std::to_string(bits) + " is out of range; use 1 to 16, or 32 for not quantized");
}

void validatePolynomial(const RunSpec& spec) {
    const PolynomialSpec& polynomial = spec.polynomial;
    require(polynomial.degree >= 1 && polynomial.degree <= PolynomialSpec::kMostDegree,
            "degree: " + std::to_string(polynomial.degree) + " is out of range; use 1 to " +
                std::to_string(PolynomialSpec::kMostDegree));
    require(polynomial.interval > 0 && polynomial.interval <= 1000,
            "interval: " + shortest(polynomial.interval) +
                " is out of range; it is the largest |a.x|, above 0 and at most 1000");
    require(polynomial.band > 0 && polynomial.band <= 1,
            "band: " + shortest(polynomial.band) + " is out of range; use a number above 0 and at most 1");
    require(spec.estimator != EstimatorKind::Polynomial || spec.loss != LossKind::Hinge ||
                polynomial.interval > 1 + polynomial.band,
            "interval: " + shortest(polynomial.interval) +
                " ends before the hinge's band does; use more than " + shortest(1 + polynomial.band));
}

void validateSolver(const RunSpec& spec) {
    require(spec.sgd.innerPasses >= 1 && spec.sgd.innerPasses <= 1000,
            "inner_passes: " + std::to_string(spec.sgd.innerPasses) + " is out of range; use 1 to 1000");
    require(!spec.sgd.lowPrecisionAverage || (spec.modelBits >= 2 && spec.modelBits <= 16),
            "average: swalp keeps the model in model_bits bits; set model_bits to 2 to 16, or use tail");
    require(!spec.sgd.lowPrecisionAverage || !isComputeDevice(spec.device),
            "average: swalp runs on the cpu; use tail, or device cpu");
    if (spec.sgd.solver == SolverKind::Sgd)
        return;
    const std::string name(nameOf(spec.sgd.solver));
    require(spec.loss != LossKind::Hinge,
            "solver: " + name + " needs a loss whose slope is continuous; use squared-hinge, or solver sgd");
    require(spec.estimator != EstimatorKind::Polynomial && spec.estimator != EstimatorKind::Refetch,
            "solver: " + name + " takes its differences from one estimate at two models, which " +
                std::string(nameOf(spec.estimator)) + " does not give; use naive or double, or solver sgd");
    require(spec.sgd.tailAverage == 0,
            "average: " + name + " moves its anchors to averages already; use none");
    require(!isComputeDevice(spec.device), "device: solver " + name + " runs on the cpu; use device cpu");
    require(spec.sgd.solver != SolverKind::BitCentering || spec.modelBits >= 2,
            "model_bits: bit-centering keeps the difference to its anchor in 2 to 16 bits (32: 16 of them)");
    require(spec.sgd.solver != SolverKind::BitCentering || spec.arithmetic == Arithmetic::Float,
            "arithmetic: bit-centering has a range of its own for the model; use float, or solver svrg");
}

} // namespace

int copiesOf(const RunSpec& spec) {
    const Estimator& estimator = estimatorOf(spec.estimator);
    if (spec.estimator == EstimatorKind::Polynomial)
        return spec.polynomial.degree + 1;
    return std::clamp(spec.copies, estimator.copies, estimator.mostCopies);
}

int keptBitsOf(const RunSpec& spec) {
    constexpr int kUsual = 16;
    if (spec.sgd.solver == SolverKind::BitCentering)
        return spec.modelBits == VectorQuantizer::kOff ? kUsual : spec.modelBits;
    return spec.sgd.lowPrecisionAverage ? spec.modelBits : VectorQuantizer::kOff;
}

RunSpec withEstimator(RunSpec spec, EstimatorKind estimator) {
    constexpr int kUsualBits = 8;
    spec.estimator = estimator;
    const bool rowByRow = estimator == EstimatorKind::Polynomial || estimator == EstimatorKind::Refetch;
    if (rowByRow || !estimatorOf(estimator).quantized()) {
        spec.store = StoreKind::Packed;
        spec.arithmetic = Arithmetic::Float;
    }
    if (rowByRow)
        spec.modelBits = VectorQuantizer::kOff;
    if (estimator == EstimatorKind::EndToEnd)
        for (int* bits : {&spec.modelBits, &spec.gradientBits})
            if (*bits == VectorQuantizer::kOff)
                *bits = kUsualBits;
    return spec;
}

std::string displayName(const RunSpec& spec) {
    if (!spec.name.empty())
        return spec.name;
    std::string name(spec.sgd.solver == SolverKind::Sgd ? "" : entryOf(spec.sgd.solver).title);
    name += (name.empty() ? "" : ", ") + std::string(entryOf(spec.estimator).title);
    const bool quantized = estimatorOf(spec.estimator).quantized();
    if (quantized)
        name += ", " + std::to_string(spec.bits) + (spec.bits == 1 ? " bit" : " bits");
    if (quantized && spec.grid.kind != GridKind::Uniform)
        name += ", " + toString(spec.grid);
    if (spec.estimator == EstimatorKind::Polynomial)
        name += ", degree " + std::to_string(spec.polynomial.degree);
    else if (copiesOf(spec) > 2)
        name += ", " + std::to_string(spec.copies) + " copies";
    if (spec.store == StoreKind::AnyPrecision)
        name += ", any precision";
    if (spec.arithmetic == Arithmetic::Integer)
        name += ", integers";
    if (spec.modelBits != VectorQuantizer::kOff)
        name += ", model " + std::to_string(spec.modelBits);
    if (spec.gradientBits != VectorQuantizer::kOff)
        name += ", gradient " + std::to_string(spec.gradientBits);
    if (spec.sgd.lowPrecisionAverage)
        name += ", SWALP";
    if (!isQuadratic(spec.loss))
        name += ", " + std::string(nameOf(spec.loss));
    if (spec.classWeights != ClassWeights{})
        name += ", weights " + toString(spec.classWeights);
    if (spec.regularizer.kind != RegularizerKind::None)
        name += ", " + toString(spec.regularizer);
    return name;
}

void validate(const RunSpec& spec) {
    require(!spec.data.source.empty(), "data: no file is named; give a file or synthetic:100");
    parseSynthetic(spec.data.source);
    require(spec.data.split > 0 && spec.data.split <= 1,
            "split: " + shortest(spec.data.split) +
                " is out of range; it is the share of rows for training, above 0 "
                "and at most 1");
    require(spec.data.test.empty() || spec.data.split == 1.0,
            "split: a test file and a split exclude each other; drop one of them");
    requireBits("bits", spec.bits);
    require(spec.bits != 32 || spec.estimator == EstimatorKind::Full,
            "bits: 32 means not quantized; use estimator full, or 1 to 16 bits");
    requireBits("model_bits", spec.modelBits);
    requireBits("gradient_bits", spec.gradientBits);
    require(spec.copies >= 2 && spec.copies <= kMostCopies, "copies: " + std::to_string(spec.copies) +
                                                                " is out of range; use 2 to " +
                                                                std::to_string(kMostCopies));
    require(!needsTwoClasses(spec.loss) || spec.data.task != Task::Regression,
            "loss: " + std::string(nameOf(spec.loss)) +
                " needs classes; use task classification or loss least-squares");
    const std::string reason = whyNotWith(spec.estimator, spec.loss);
    require(reason.empty(), "estimator: " + reason);
    require(!isQuadratic(spec.loss) || spec.classWeights == ClassWeights{},
            "class_weights: least squares has none; use loss logistic, hinge or squared-hinge");
    require(spec.data.labelScaling == LabelScalingKind::None ||
                (!needsTwoClasses(spec.loss) && spec.data.task != Task::Classification),
            "label_scaling: classes are -1 and +1 already; use none");
    require(spec.sgd.batch >= 1, "batch: must be at least 1 row");
    require(spec.sgd.epochs >= 1, "epochs: must be at least 1");
    require(spec.sgd.earlyStop >= 0, "early_stop: must be 0 (never) or a number of epochs");
    require(spec.threads >= 0 && spec.threads <= 1024, "threads: must be 0 (every core) to 1024");
    require(isDeviceName(spec.device),
            "device: '" + spec.device + "' is unknown; choose one of cpu, cpu-scalar, opencl:0, fpga:0, ...");
    validatePolynomial(spec);
    validateSolver(spec);
    if (spec.estimator == EstimatorKind::Polynomial || spec.estimator == EstimatorKind::Refetch) {
        const std::string name(nameOf(spec.estimator));
        require(spec.store == StoreKind::Packed,
                "store: " + name + " reads a packed store; use store packed");
        require(spec.arithmetic == Arithmetic::Float,
                "arithmetic: " + name + " runs row by row in floats; use arithmetic float");
        require(spec.modelBits == VectorQuantizer::kOff,
                "model_bits: " + name + " needs the exact model, which is inside of the slope; use 32");
    }
    if (spec.store == StoreKind::AnyPrecision) {
        require(estimatorOf(spec.estimator).quantized(),
                "store: any-precision needs rounded samples; choose another estimator than full");
        require(spec.bits <= AnyPrecisionStore::kMostBits,
                "store: any-precision has 1 to 8 bits; set bits to these");
        require(spec.grid.kind == GridKind::Uniform,
                "store: any-precision has uniform levels; use grid uniform");
        require(copiesOf(spec) <= 2, "store: any-precision has at most 2 copies; set copies to 2");
        require(spec.sgd.batch % kTileRows == 0,
                "store: any-precision is read 16 rows at a time; use a batch of a multiple of 16");
    }
    if (spec.arithmetic == Arithmetic::Integer) {
        require(estimatorOf(spec.estimator).quantized(),
                "arithmetic: integer needs rounded samples; choose another estimator than full");
        require(spec.modelBits == VectorQuantizer::kOff || (spec.modelBits >= 2 && spec.modelBits <= 8),
                "arithmetic: integer holds a model of 2 to 8 bits; set model_bits to one of these, or to 32 "
                "for 8");
    }
    require(spec.biasDraws == 0 || spec.biasDraws >= 2,
            "bias_draws: must be 0 (not measured) or at least 2, so that there is a standard error");
    require(spec.biasRows >= 1, "bias_rows: must be at least 1");
}

RunSpec readSpec(const std::filesystem::path& file) {
    const std::string text = readFile(file);
    try {
        return specFromJson(nlohmann::json::parse(text));
    } catch (const nlohmann::json::parse_error& error) {
        std::string what =
            error.what(); // "[json.exception.parse_error.101] parse error at line 3, column 5: ..."
        if (const auto at = what.find("at line"); at != std::string::npos)
            what = what.substr(at);
        throw InputError(file.string() + ": is not JSON: " + what);
    } catch (const InputError& error) {
        throw InputError(file.string() + ": " + error.what());
    }
}

void writeSpec(const RunSpec& spec, const std::filesystem::path& file) {
    writeFileAtomically(file, toJson(spec).dump(2) + "\n");
}

} // namespace zipml
