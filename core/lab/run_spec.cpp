#include "core/lab/run_spec.h"

#include "core/base/file.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"
#include "core/base/number_text.h"
#include "core/data/source_name.h"
#include "core/data/synthetic.h"
#include "core/lab/compute_device.h"
#include "core/lab/rules.h"
#include "core/lab/spec_files.h"

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
}

} // namespace

RunSpec withNamesOnly(const RunSpec& spec) {
    return uncheckedSpecFromJson(withNamesOnly(toJson(spec)), spec);
}

RunSpec withDataBeside(RunSpec spec, const std::filesystem::path& folder) {
    for (std::string* source : {&spec.data.source, &spec.data.test})
        *source = sourceBeside(*source, folder);
    if (namesLabelFile(spec.data.load.labels))
        spec.data.load.labels = sourceBeside(spec.data.load.labels, folder);
    return spec;
}

int copiesOf(const RunSpec& spec) {
    const Estimator& estimator = estimatorOf(spec.estimator);
    if (estimator.needs == Needs::Polynomial)
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
    for (const Conflict& conflict : conflictsOf({.spec = spec}))
        if (conflict.ofEstimator)
            conflict.repair(spec);
    if (estimatorOf(estimator).roundsChannels)
        for (int* bits : {&spec.modelBits, &spec.gradientBits})
            if (*bits == VectorQuantizer::kOff)
                *bits = kUsualBits;
    return spec;
}

RunSpec switched(const RunSpec& spec, const RunSwitch& change) {
    RunSpec result = spec;
    result.at.clear();
    if (change.estimator && *change.estimator != spec.estimator)
        result = withEstimator(std::move(result), *change.estimator);
    result.bits = change.bits.value_or(spec.bits);
    result.grid = change.grid.value_or(spec.grid);
    return result;
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
        name += ", " + inShort(spec.grid) + (spec.grid.kind == GridKind::Given ? " levels" : "");
    if (estimatorOf(spec.estimator).needs == Needs::Polynomial)
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

void validateRanges(const RunSpec& spec) {
    require(!spec.data.source.empty(), "data: no file is named; give a file or synthetic:100");
    parseSynthetic(spec.data.source);
    require(spec.data.split > 0 && spec.data.split <= 1,
            "split: " + shortest(spec.data.split) +
                " is out of range; it is the share of rows for training, above 0 "
                "and at most 1");
    requireBits("bits", spec.bits);
    requireBits("model_bits", spec.modelBits);
    requireBits("gradient_bits", spec.gradientBits);
    for (const RunSwitch& change : spec.at)
        if (change.bits)
            requireBits("at: epoch " + std::to_string(change.epoch) + ": bits", *change.bits);
    require(spec.copies >= 2 && spec.copies <= kMostCopies, "copies: " + std::to_string(spec.copies) +
                                                                " is out of range; use 2 to " +
                                                                std::to_string(kMostCopies));
    require(spec.sgd.batch >= 1, "batch: must be at least 1 row");
    require(spec.sgd.epochs >= 1, "epochs: must be at least 1");
    require(spec.sgd.earlyStop >= 0, "early_stop: must be 0 (never) or a number of epochs");
    require(spec.sgd.innerPasses >= 1 && spec.sgd.innerPasses <= 1000,
            "inner_passes: " + std::to_string(spec.sgd.innerPasses) + " is out of range; use 1 to 1000");
    require(spec.threads >= 0 && spec.threads <= 1024, "threads: must be 0 (every core) to 1024");
    require(isDeviceName(spec.device), "device: '" + spec.device +
                                           "' is unknown; choose one of cpu, cpu-scalar, "
                                           "cpu-reference, opencl:0, fpga:0, ...");
    validatePolynomial(spec);
    require(spec.biasDraws == 0 || spec.biasDraws >= 2,
            "bias_draws: must be 0 (not measured) or at least 2, so that there is a standard error");
    require(!spec.biasRows || *spec.biasRows >= 1, "bias_rows: must be auto or at least 1");
}

void validate(const RunSpec& spec) {
    validateRanges(spec);
    requireSettings({.spec = spec});
}

RunSpec readSpec(const std::filesystem::path& file) {
    const nlohmann::json object = readJson(file, R"(a spec was expected, {"bits": 4, ...})");
    return readIn(file.string(), [&] { return withDataBeside(specFromJson(object), file.parent_path()); });
}

void writeSpec(const RunSpec& spec, const std::filesystem::path& file) {
    writeFileAtomically(file, jsonText(toJson(spec), 2) + "\n");
}

} // namespace zipml
