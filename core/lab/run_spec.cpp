#include "core/lab/run_spec.h"

#include "core/base/file.h"
#include "core/data/synthetic.h"

#include <nlohmann/json.hpp>

namespace zipml {
namespace {

void require(bool holds, const std::string& message) {
    if (!holds)
        throw InputError(message);
}

std::string shown(double number) {
    return nlohmann::json(number).dump();
}

} // namespace

std::string displayName(const RunSpec& spec) {
    if (!spec.name.empty())
        return spec.name;
    std::string name(entryOf(spec.estimator).title);
    if (estimatorOf(spec.estimator).copies > 0)
        name += ", " + std::to_string(spec.bits) + (spec.bits == 1 ? " bit" : " bits");
    return name;
}

void validate(const RunSpec& spec) {
    require(!spec.data.source.empty(), "data: no file is named; give a file or synthetic:100");
    parseSynthetic(spec.data.source);
    require(spec.data.split > 0 && spec.data.split <= 1,
            "split: " + shown(spec.data.split) +
                " is out of range; it is the share of rows for training, above 0 "
                "and at most 1");
    require(spec.data.test.empty() || spec.data.split == 1.0,
            "split: a test file and a split exclude each other; drop one of them");
    require((spec.bits >= 1 && spec.bits <= 16) || spec.bits == 32,
            "bits: " + std::to_string(spec.bits) + " is out of range; use 1 to 16, or 32 for not quantized");
    require(spec.bits != 32 || spec.estimator == EstimatorKind::Full,
            "bits: 32 means not quantized; use estimator full, or 1 to 16 bits");
    require(spec.sgd.batch >= 1, "batch: must be at least 1 row");
    require(spec.sgd.epochs >= 1, "epochs: must be at least 1");
    require(spec.sgd.earlyStop >= 0, "early_stop: must be 0 (never) or a number of epochs");
    require(spec.threads >= 0 && spec.threads <= 1024, "threads: must be 0 (every core) to 1024");
    require(spec.device == "cpu", "device: '" + spec.device + "' is unknown; choose one of cpu");
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
