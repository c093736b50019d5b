#pragma once
/// How many samples' values a second training visits: every store width and estimator against float32 rows,
/// in one process, out of cache, a round of all of them at a time, so that a machine that slows down slows
/// all.

#include "core/base/run_control.h"
#include "core/bench/spread.h"
#include "core/estimate/estimator.h"
#include "core/kernels/isa.h"
#include "core/quant/grid_spec.h"
#include "core/quant/store_kind.h"
#include "core/solve/arithmetic.h"
#include "core/solve/sgd_options.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

struct ThroughputOptions {
    std::vector<std::size_t> features{90, 1024, 5000};
    std::size_t workingSetBytes = 0; ///< of each store, and of the float32 rows; 0: ten times the last cache
    std::size_t batch =
        2048;        ///< rows, a multiple of 16; many, so that rounding the model is little beside it
    int threads = 1; ///< 0: one a core
    int repeats = 9; ///< rounds that count, after one that does not
    RowOrder order = RowOrder::Shuffled;
};

/// Something to measure. Another one is a row in throughput.cpp.
struct Contender { // NOLINT(clang-analyzer-optin.performance.Padding): in the order of a table
    EstimatorKind estimator;
    int bits; ///< of a level's index; 32 for full precision
    Arithmetic arithmetic;
    GridSpec grid = {};
    StoreKind store = StoreKind::Packed;
};

struct ThroughputRow {
    Contender contender;
    std::string kernel;       ///< "packed, 8-bit integers, avx512"
    std::size_t rows = 0;     ///< of the store
    double bitsPerValue = 32; ///< stored
    Spread gelems;            ///< 10^9 samples' values visited a second
    Spread ratio;             ///< to float32 in the same round
    double gbytes = 0;        ///< 10^9 bytes of the store a second, without labels; of the median

    /// The ratio when reading the store were all there is to do.
    [[nodiscard]] double limit() const { return 32 / bitsPerValue; }
};

/// All that was measured for a number of features.
struct ThroughputTable {
    std::size_t features = 0, batch = 0;
    int rounds = 0;                  ///< complete ones
    std::vector<ThroughputRow> rows; ///< float32 first
    Spread shareOfBandwidth;         ///< float32's bytes a second over the read bandwidth of the same round
};

struct ThroughputResult {
    Isa isa = Isa::Scalar;
    int threads = 1;
    RowOrder order = RowOrder::Shuffled;
    std::size_t workingSetBytes = 0, lastCacheBytes = 0;
    Spread bandwidth;         ///< read bandwidth, 10^9 bytes a second
    std::string bandwidthWay; ///< how it was read
    std::vector<ThroughputTable> tables;
    bool stopped = false; ///< before all was measured; what is complete is here
};

/// @throws InputError for bad options, and when memory does not suffice
ThroughputResult
measureThroughput(const ThroughputOptions& options, RunControl& control,
                  const std::function<void(double share, std::string_view what)>& onProgress);

} // namespace zipml
