#pragma once
/// Seconds of training until a run is as good as full precision: what a throughput is worth once a
/// low-precision estimator may need more epochs.

#include "core/base/run_control.h"
#include "core/bench/spread.h"
#include "core/lab/run_record.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

struct ConvergenceOptions {
    std::size_t batch = 256;  ///< rows
    int epochs = 100;         ///< at most
    int repeats = 3;          ///< of every run, in turn
    int threads = 1;          ///< 0: one a core
    std::vector<int> bits{4}; ///< widths that run beside full precision, 1 to 8
    /// A run is as good once its training loss is at most this share above the reference.
    static constexpr double kWithin = 0.01;
};

struct ConvergenceRow {
    RunSpec spec;
    std::string kernel;         ///< "packed, 8-bit integers, avx512"
    double bitsPerValue = 32;   ///< stored
    bool reached = false;       ///< within the epochs
    int epochs = 0;             ///< that it took, or that it ran when it did not reach the target
    double loss = 0;            ///< training loss after them
    double secondsPerEpoch = 0; ///< median; evaluation does not count
    Spread seconds; ///< of training in these epochs; reading data and building the store do not count
    Spread ratio;   ///< of full precision's seconds to these, repeat by repeat: above 1 is faster
};

struct ConvergenceTable {
    std::string source, dataName;
    std::size_t rows = 0, features = 0;
    double step = 0;      ///< automatic, the same for all runs
    double reference = 0; ///< training loss: mean squared error
    bool exact = false;   ///< the reference is the exact optimum; else the best that full precision reached
    std::vector<ConvergenceRow> runs; ///< full precision first
    /// Whether full precision reached the target, without which there are no ratios.
    [[nodiscard]] bool hasRatios() const { return runs.front().reached; }
};

/// @param source a file or a generated set, as DataSpec::source. @throws InputError, Cancelled
ConvergenceTable
measureConvergence(const std::string& source, const ConvergenceOptions& options, RunControl& control,
                   const std::function<void(double share, std::string_view what)>& onProgress);

} // namespace zipml
