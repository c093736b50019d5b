#pragma once
/// A run is a value: a RunSpec says everything that decides the result. The GUI edits one, the CLI parses
/// one, a file stores one, and a RunRecord carries the one that made it. Names are those of the command line.

#include "core/base/names.h"
#include "core/data/dataset.h"
#include "core/data/label_scaling.h"
#include "core/data/load.h"
#include "core/data/scaling.h"
#include "core/estimate/estimator.h"
#include "core/estimate/refetching.h"
#include "core/lab/run_switch.h"
#include "core/loss/loss.h"
#include "core/loss/regularizer.h"
#include "core/loss/slope_polynomial.h"
#include "core/quant/grid_spec.h"
#include "core/quant/store_kind.h"
#include "core/quant/vector_quantizer.h"
#include "core/solve/arithmetic.h"
#include "core/solve/sgd_options.h"
#include "core/spec/spec_key.h"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace zipml {

/// Where the rows come from. `source` is a file or a generator: "synthetic:N" with N features.
struct DataSpec {
    std::string source = "synthetic:100";
    std::string test;   ///< separate test file; empty: none
    double split = 1.0; ///< share of rows for training, (0, 1]; the rest are test rows (seeded choice)
    LoadOptions load;
    std::optional<Task> task; ///< empty: detected
    ScalingKind scaling = ScalingKind::Standard;
    LabelScalingKind labelScaling = LabelScalingKind::None; ///< regression only
    bool operator==(const DataSpec&) const = default;
};

struct RunSpec {
    std::string name; ///< shown in tables and legends; empty: made from estimator and bits
    DataSpec data;
    LossKind loss = LossKind::LeastSquares;
    ClassWeights classWeights; ///< of the losses of the margin
    EstimatorKind estimator = EstimatorKind::Double;
    int bits = 3;              ///< of a sample's level, 1..16: 2^bits levels a feature; 32: not quantized
    PolynomialSpec polynomial; ///< of the estimator polynomial
    CertificateKind certificate = CertificateKind::Interval; ///< of the estimator refetch
    StoreKind store = StoreKind::Packed;
    GridSpec grid;
    bool sharedGrid = false; ///< one grid for all features
    int copies = 2;          ///< roundings a sample that double sampling reads, 2..8
    int modelBits =
        VectorQuantizer::kOff; ///< of a weight each time the model is sent, 1..16; 32: not rounded
    int gradientBits = VectorQuantizer::kOff; ///< likewise for the gradient
    Arithmetic arithmetic = Arithmetic::Auto;
    VectorScale vectorScale = VectorScale::Norm; ///< of model and gradient
    Regularizer regularizer;
    bool intercept = true;     ///< an exact constant-1 feature, first
    SgdOptions sgd;            ///< batch, epochs, step, schedule, order, rounding, early stop
    std::vector<RunSwitch> at; ///< what changes while it trains
    std::uint64_t seed = 1;
    int threads = 0; ///< 0: every core; never changes the result
    std::string device = "cpu";
    int biasDraws = 16; ///< Monte-Carlo draws of each epoch's bias measurement; 0: not measured
    /// Rows it uses, a seeded choice; empty: as many as its budget allows (bias_budget.h).
    std::optional<std::size_t> biasRows;
    bool operator==(const RunSpec&) const = default;
};

/// Roundings a sample that the spec's estimator reads: 0, 1, `copies`, or a polynomial's degree + 1.
int copiesOf(const RunSpec& spec);

/// Bits that the model is kept in from step to step (bit centering, SWALP); 32: as it is.
int keptBitsOf(const RunSpec& spec);

/// The same with another estimator; what that one cannot use is set to what it can.
RunSpec withEstimator(RunSpec spec, EstimatorKind estimator);

/// The same from a switch on; what the switch leaves as it was keeps its value.
RunSpec switched(const RunSpec& spec, const RunSwitch& change);

/// "Double sampling, 3 bits", or the spec's own name.
std::string displayName(const RunSpec& spec);

/// @throws InputError naming the first key that is out of range, or that does not go with the others
/// whatever the device (rules.h), and what would be right.
void validate(const RunSpec& spec);
/// The ranges alone.
void validateRanges(const RunSpec& spec);

/// The settings of a run.
std::span<const SpecKey> specKeys();
/// @throws InputError when no setting has that name.
const SpecKey& specKey(std::string_view name);
/// The names of those that say how a data file is read.
std::vector<std::string> loadKeys();
/// The command that repeats the run: "zipml train cadata --bits 4"; settings at their defaults are left out.
std::string toCommandLine(const RunSpec& spec);

/// All keys, defaults included; the names are the command line's with '_' for '-'.
nlohmann::json toJson(const RunSpec& spec);
/// Keys that are absent keep `base`'s values. @throws InputError on an unknown key, a wrong type or a bad
/// value.
RunSpec specFromJson(const nlohmann::json& json, const RunSpec& base = {});
/// The same of a spec that may break rules (rules.h), its ranges aside.
RunSpec uncheckedSpecFromJson(const nlohmann::json& json, const RunSpec& base = {});
/// @throws InputError with file and position when the file is no valid spec.
RunSpec readSpec(const std::filesystem::path& file);
/// Written aside and renamed. @throws RunError when it cannot be written.
void writeSpec(const RunSpec& spec, const std::filesystem::path& file);

} // namespace zipml
