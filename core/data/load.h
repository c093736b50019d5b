#pragma once
/// Reads a data file, in whatever format of formats/registry.cpp it is, into a data set of floats: finds what
/// its columns are, or reads them as a training file's schema says.

#include "core/base/job.h"
#include "core/data/dataset.h"
#include "core/data/load_options.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace zipml {

/// What the caller knows beyond what the person chose.
struct LoadContext {
    /// Of a model or a training file, for a further file: columns are matched by name, classes and categories
    /// are those, and labels may be absent. Null: the file speaks for itself.
    const Schema* training = nullptr;
    bool trainingFile = false; ///< this is the training file itself, read once more: as the options say
    bool offsets = true;       ///< features may be read less an offset (Schema::offsets)
    std::uint64_t memoryLimitBytes = 0; ///< 0: what the machine has available
    int threads = 0;                    ///< that parse; 0: one a core. The result does not depend on it
    std::size_t blockBytes = 1 << 19;   ///< of text that one thread parses at a time
};

struct LoadedData {
    Dataset data;            ///< with its schema
    LoadOptions options;     ///< as given, with what was found in the place of "auto"
    std::string format;      ///< as used: "libsvm", "csv", ...
    std::string delimiter;   ///< as used; empty where the format has none
    std::string compression; ///< "none", "gzip", "bzip2", "xz", "zstd"
    bool header = false;
    bool hasLabels = true;
    std::size_t labelColumn = 0;       ///< from 1; 0 when there is none (libsvm: the first token)
    std::string labelName;             ///< the header's name of it, or empty
    std::string labelWhy;              ///< why this column: "named 'y'", "the last column"
    std::vector<std::size_t> missing;  ///< missing values by feature, before they are filled in
    std::size_t rowsDropped = 0;       ///< for missing values, or without a label
    std::vector<std::string> notes;    ///< what was decided or left out, a sentence each
    std::vector<std::string> warnings; ///< what may be meant otherwise or lose something, a sentence each
};

/// Rows that follow one another in the file.
struct RowBlock {
    std::size_t firstRow = 0;
    std::size_t rows = 0;
    std::size_t features = 0;
    std::span<const float> values;  ///< rows * features, row-major; NaN: missing
    std::span<const double> labels; ///< one a row; with LoadContext::training less its label offset
    std::span<const float> weights; ///< one a row, or none
};

/// @param file "-": standard input; a folder, or names with * and ? in the last part, or several joined by
/// ';': the rows of all, one file behind the other
/// @throws InputError with one line "FILE[:LINE[: column N (NAME)]]: what is wrong; what would be right" for:
/// a missing file, an empty file, binary junk, damaged compression, ragged rows, text where a number belongs,
/// missing values (unless allowed), infinity, an unknown column, more data than memory; with `training` also
/// for columns that are missing or new. @throws Cancelled when stopped.
LoadedData loadData(const std::filesystem::path& file, const LoadOptions& options = {},
                    const LoadContext& context = {}, const Job& job = {});

/// Reads a file of any size in bounded memory (about 100 MB): calls `visit` with all rows in the file's
/// order, from the calling thread. Returns what loadData does, but for the values and labels, which are gone.
/// How wide sparse rows are is known at the file's end: without `training` a block is as wide as the widest
/// row up to its end. Where the file's end shows that its columns are others than its beginning did,
/// `restart` is called, and all rows are visited anew.
/// @throws as loadData, also after blocks were visited.
LoadedData scanData(const std::filesystem::path& file, const LoadOptions& options, const LoadContext& context,
                    const std::function<void(const RowBlock&)>& visit, const std::function<void()>& restart,
                    const Job& job = {});

} // namespace zipml
