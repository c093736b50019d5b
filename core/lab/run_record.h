#pragma once
/// What happened in a run: plain data that travels to tables, plots and files.

#include "core/base/run_status.h"
#include "core/lab/quantiles.h"
#include "core/lab/run_spec.h"
#include "core/model/linear_model.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace zipml {

/// The state of a run after `epoch` epochs (0: before training). Losses are as reportedForm says, on the
/// unquantized data, unless RunSetup::lossNote says otherwise.
struct EpochRecord {
    int epoch = 0;
    double within = 0; ///< 0 to 1: share of the epoch under way, after a single step
    /// What trained in this epoch, where it is no longer the spec's.
    std::optional<EstimatorKind> estimator;
    std::optional<GridSpec> grid;
    int bits = 32; ///< of a sample's index in this epoch; 32: not rounded
    double trainLoss = 0;
    std::optional<double> trainLossStandardError; ///< of an estimate (RunSetup::lossNote); empty: it is exact
    double regularizer = 0;                       ///< R(x), reported apart from the loss
    std::optional<double> objective;              ///< Loss::objective of the two; empty: the loss alone
    std::optional<double> testLoss;               ///< when there are test rows
    std::optional<double> trainAccuracy;          ///< 0 to 1, classification only
    std::optional<double> testAccuracy;
    /// |Monte-Carlo mean of the estimator's gradient - exact gradient| at the model, on the bias rows.
    std::optional<double> biasNorm;
    std::optional<double> biasStandardError; ///< the norm pure noise would show
    std::optional<double> predictedBiasNorm; ///< by formula, on the same rows; empty where there is none
    std::optional<double> variance;          ///< measured: trace of the covariance of the average estimate
    std::optional<double> predictedVariance; ///< by formula; empty where there is none
    std::optional<double> varianceBound;     ///< the lemma's
    std::optional<double> distanceToOptimum; ///< |x - x*| / |x*|, x* the exact solution
    std::optional<double>
        outsideShare;                  ///< polynomial: share of training rows whose score leaves its interval
    std::optional<double> refetchRate; ///< refetch: share of this epoch's rows that were fetched in full
    /// Of the model's weights and, where the bias is measured, the exact gradient's; scaled features.
    std::optional<Quantiles> modelQuantiles, gradientQuantiles;
    double step = 0;                    ///< step size used in this epoch
    std::uint64_t bytesMoved = 0;       ///< samples, model and gradient since the start (docs/method.md#s10)
    std::uint64_t sampleBytesMoved = 0; ///< the samples' part of it, labels included
    double seconds = 0;                 ///< of training in this epoch, without evaluation and pauses
    double measuringSeconds = 0; ///< of looking at the state: losses, bias, variance, spread; not of training

    [[nodiscard]] double minimised() const { return objective.value_or(trainLoss); }
    [[nodiscard]] double position() const { return epoch + within; } ///< in epochs since the start
};

/// Known once the data is prepared, before the first step.
struct RunSetup {
    std::string dataName;
    Task task = Task::Regression;
    std::size_t trainRows = 0, testRows = 0, features = 0;
    double step = 0;                 ///< as used: the spec's or the automatic one
    std::uint64_t storeBytes = 0;    ///< of the samples as stored for this estimator, without labels
    double bitsPerValue = 32;        ///< storeBytes * 8 / (rows * features)
    std::uint64_t codebookBytes = 0; ///< levels, and the correction, sent once
    std::optional<double>
        meanVariance; ///< mean rounding variance of a value, scaled units; quantized samples only
    std::optional<double> exactMeanVariance; ///< of levels before they were placed on integers' fine steps
    std::uint64_t levels = 0;                ///< 2^bits; 0: samples are not rounded
    std::uint64_t fewestLevels = 0;          ///< that a feature, not constant, uses
    double levelsUsed = 0;                   ///< by such a feature, in the mean
    std::vector<std::string> warnings;       ///< of the data: what may be meant otherwise, or loses something
    LoadOptions load;                        ///< with what was found in the training file
    std::string labelWhy;                    ///< why that column is the label
    std::vector<std::string> classNames;     ///< of labels that are texts; else empty
    std::optional<double> optimumLoss;       ///< training loss of the exact solution
    double optimumRegularizer = 0;           ///< its R
    /// How exact it is: no model's objective is below its by more than this share (Optimum::certificate).
    std::optional<double> optimumCertificate;
    std::optional<double> optimumObjective; ///< Loss::objective of the two; empty: the loss alone
    std::string kernels;                    ///< what runs an epoch: "packed, 8-bit integers, avx512"
    std::string arithmetic;    ///< that was taken, as in RunSpec; empty in records of earlier versions
    std::string arithmeticWhy; ///< ArithmeticChoice::why
    std::size_t biasRows = 0;  ///< that the bias is measured on; 0: it is not
    std::string optimumNote;   ///< why there is no optimum, when there is none
    double solvingSeconds = 0; ///< what the exact optimum took, once for all runs on the same data
    std::string lossNote;      ///< what the training loss stands on, where that is not the unquantized data
    std::vector<std::string> notes; ///< what a person should know of the data and the method
    /// Of variance-reduced solvers: the share of the distance to the optimum that an anchor leaves, as
    /// predicted.
    std::optional<double> contraction;
    std::string stepNote; ///< how the automatic step came about, where not by autoStep

    /// The least that a run can minimise, if it is known.
    [[nodiscard]] std::optional<double> minimum() const {
        return optimumObjective ? optimumObjective : optimumLoss;
    }
};

/// The spec with what did change in a run: the switches that were planned for the epochs that came, corrected by
/// what the epochs say a person changed, and those that are still to come.
RunSpec asDone(const RunSpec& spec, std::span<const EpochRecord> epochs);

/// Rows by class and by predicted class.
using Confusion = std::vector<std::vector<std::uint64_t>>;

struct RunRecord {
    RunSpec spec;
    RunSetup setup;
    EpochRecord initial;             ///< at the zero model
    std::vector<EpochRecord> epochs; ///< complete epochs only
    RunStatus status = RunStatus::Completed;
    std::string message; ///< for Diverged, DeviceLost, BelowOptimum: what happened and what to change
    Confusion confusion; ///< more than two classes: at the end, test rows if there are any
    LinearModel model;   ///< as it was at the end; save it with writeModel
    std::uint64_t peakResidentBytes = 0; ///< the most memory that the process has had until the run's end
};

/// The spec with what was found in the training file in the place of "auto".
RunSpec specAsFound(const RunRecord& record);
/// Keys as promised in docs/command-line.md (`epochs[]`, `final`, `spec`), and the rest of the record.
nlohmann::json toJson(const RunRecord& record);
nlohmann::json toJson(const EpochRecord& epoch);
/// As toJson, but numbers that are not finite are the texts "nan", "inf" and "-inf", so that they read back.
nlohmann::json exactJson(const EpochRecord& epoch);
/// What exactJson wrote. @throws InputError naming the key that is missing or of a wrong type.
EpochRecord epochFromJson(const nlohmann::json& object);
/// One line an epoch, with a header; fields that do not apply are empty.
std::string toCsv(const RunRecord& record);

} // namespace zipml
