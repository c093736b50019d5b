#pragma once
/// From a data file of any size to a packed store in a file (*.zq), in two passes over the data and bounded
/// memory:
///
///     pass 1   rows, features, classes; what the scaling and the levels are fitted to
///     pass 2   each buffer of rows is scaled, dealt, rounded, packed and written
///
/// A file that fits into one buffer, and whose rows all fit into the sample for the levels, gives the codes
/// that training on the file in memory reads.

#include "core/base/job.h"
#include "core/data/load.h"
#include "core/lab/arithmetic_choice.h"
#include "core/lab/run_spec.h"
#include "core/quant/level_use.h"
#include "core/quant/store_file.h"

#include <optional>

namespace zipml {

/// What the build may keep in memory beside the reading of the text (about 100 MB).
struct BuildMemory {
    std::size_t bufferBytes = 64U << 20U;      ///< of rows that are dealt and rounded together
    std::size_t sampleBytes = 64U << 20U;      ///< of rows that levels are placed by, if they are not uniform
    std::size_t sharedSampleBytes = 8U << 20U; ///< the same for one grid for all features
    std::size_t sampleRows = std::size_t{1} << 19U;
    std::size_t keptBytes = 64U << 20U; ///< of rows that stay unrounded, at most kStepRows of them
};

struct BuiltStore {
    StoreHeader header;
    LoadedData found; ///< what the file's columns are; without rows
    std::uint64_t fileBytes = 0;
    double meanVariance = 0;                 ///< rounding variance of a value, in the mean, scaled units
    std::optional<double> exactMeanVariance; ///< of levels before they were placed on integers' fine steps
    ArithmeticChoice arithmetic;             ///< that the levels are placed for
    LevelUse levels;
    std::vector<std::string> notes; ///< what a person should know of levels and ranges
    int passes = 2;                 ///< over the data
};

/// Written aside and renamed: on an error or a stop nothing stays.
/// @param spec an estimator that rounds samples; what is not about data and samples is kept for training
/// @throws InputError, RunError (disk full), Cancelled.
BuiltStore buildStoreFile(const RunSpec& spec, const std::filesystem::path& file, const Job& job = {},
                          const BuildMemory& memory = {});

} // namespace zipml
