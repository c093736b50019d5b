#pragma once
/// What a person chooses about minibatch SGD.

#include "core/base/names.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace zipml {

/// How the step size changes over epochs k = 1, 2, ... (docs/method.md#s4-3, #s8-2).
enum class ScheduleKind { Constant, InverseEpoch, InverseSqrt, HalveEvery, List };
template <>
std::span<const Named<ScheduleKind>> namesOf<ScheduleKind>();

struct Schedule {
    ScheduleKind kind = ScheduleKind::InverseEpoch;
    int halveEvery = 10; ///< epochs, HalveEvery only
    std::vector<double>
        multipliers; ///< List only: factor on the step for epoch 1, 2, ...; the last one goes on
    bool operator==(const Schedule&) const = default;
};

/// "inverse-epoch", "halve-every:10", "list:1,0.5,0.1". @throws InputError.
Schedule parseSchedule(const std::string& text);
std::string toString(const Schedule& schedule);
/// Step size of `epoch` (from 1).
double stepOf(const Schedule& schedule, double step, int epoch);
/// "0.05" or "2^-12", above 0; "auto" gives no value. @throws InputError.
std::optional<double> parseStep(const std::string& text);

enum class RowOrder { Shuffled, File };
template <>
std::span<const Named<RowOrder>> namesOf<RowOrder>();

/// When samples are rounded (docs/method.md#s3-6): once before training, or afresh each epoch.
enum class RoundingTime { Frozen, Epoch };
template <>
std::span<const Named<RoundingTime>> namesOf<RoundingTime>();

/// What takes the steps (variance_reduction.h has the mathematics of all but the first).
enum class SolverKind { Sgd, Svrg, BitCentering };
template <>
std::span<const Named<SolverKind>> namesOf<SolverKind>();

/// Which iterates the reported model is the mean of.
struct Averaging {
    double tail = 0; ///< share of the last steps, 0..1; 0: the last iterate
    /// SWALP (Yang et al., "SWALP: stochastic weight averaging in low-precision training", ICML 2019): the
    /// model is kept in few bits from step to step, and the mean, which is not, goes below their spacing.
    bool lowPrecision = false;
};
/// "none", "tail:0.5" the last half of the steps, "swalp:0.5" the same of a model of few bits. @throws
/// InputError.
Averaging parseAverage(const std::string& text);
std::string toString(const Averaging& averaging);

struct SgdOptions {
    std::size_t batch = 16; ///< rows a step; gradients are averaged over them
    int epochs = 50;
    std::optional<double>
        step; ///< on the average gradient of 1/2 (a.x - b)^2; empty: automatic (see autoStep)
    Schedule schedule;
    RowOrder order = RowOrder::Shuffled;
    RoundingTime rounding = RoundingTime::Frozen;
    double tailAverage =
        0;             ///< share of the last steps whose iterates are averaged, 0..1; 0: the last iterate
    int earlyStop = 0; ///< stop after this many epochs without 0.01% improvement; 0: never
    bool lowPrecisionAverage = false; ///< Averaging::lowPrecision
    SolverKind solver = SolverKind::Sgd;
    int innerPasses = 4; ///< over the samples from one anchor to the next, 1..1000; not of solver sgd
    bool operator==(const SgdOptions&) const = default;
};

} // namespace zipml
