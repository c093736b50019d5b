#pragma once
/// Reads a data file: LIBSVM or CSV/TSV text by content, images as MNIST's (idx.h) by name; plain or packed.

#include "core/base/job.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace zipml {

/// How to read the file. Every "auto" is decided from the content and reported in LoadedData.
struct LoadOptions {
    std::string format = "auto";    ///< "auto" or a name from formatNames(): "idx", "libsvm", "csv"
    std::string delimiter = "auto"; ///< csv: "auto", "comma", "tab", "semicolon", "space", "pipe"
    std::string header = "auto";    ///< csv: "auto", "yes", "no"
    std::string labelColumn =
        "auto";                ///< csv: "auto", "first", "last", "none", an index from 1, or a header name
    std::size_t skipLines = 0; ///< lines at the top that are not data
    bool operator==(const LoadOptions&) const = default;
};

/// What the caller knows beyond what the person chose.
struct LoadContext {
    std::size_t expectedFeatures =
        0;                     ///< of a model or a training file; 0: not known. LIBSVM rows are padded to it
    bool allowMissing = false; ///< inspect only: missing values become NaN instead of an error
    std::uint64_t memoryLimitBytes = 0; ///< 0: what the machine has available
    int threads = 0;                    ///< that parse; 0: one a core. The result does not depend on it
    std::size_t blockBytes = 1 << 19;   ///< of text that one thread parses at a time
};

struct LoadedData {
    Dataset data;
    std::string format;      ///< as used: "idx", "libsvm", "csv"
    std::string delimiter;   ///< as used; empty for idx and libsvm
    std::string compression; ///< "none", "gzip", "bzip2", "xz", "zstd"
    bool header = false;
    bool hasLabels = true; ///< false with labelColumn "none", and where a file has just the expected features
    std::size_t labelColumn = 0;      ///< from 1; 0 when there is none (libsvm: the first token)
    std::string labelName;            ///< the header's name of it, or empty
    std::vector<std::size_t> missing; ///< missing values by feature (with allowMissing), else empty
};

/// Rows that follow one another in the file.
struct RowBlock {
    std::size_t firstRow = 0;
    std::size_t rows = 0;
    std::size_t features = 0;
    std::span<const float> values; ///< rows * features, row-major
    std::span<const float> labels; ///< one a row
};

/// The names LoadOptions::format takes beside "auto".
std::vector<std::string> formatNames();

/// @throws InputError with one line "FILE[:LINE[: column N]]: what is wrong; what would be right" for: a
/// missing file, a directory, an empty file, binary junk, damaged compression, ragged rows, text where a
/// number belongs, missing values (unless allowed), NaN and infinity, LIBSVM indices that are 0 or descend,
/// an unknown label column, more data than memory. @throws Cancelled when stopped.
LoadedData loadData(const std::filesystem::path& file, const LoadOptions& options = {},
                    const LoadContext& context = {}, const Job& job = {});

/// Reads a file of any size in bounded memory (about 100 MB): calls `visit` with all rows in the file's
/// order, from the calling thread. Returns what loadData does, but for the values and labels, which are gone.
/// How wide LIBSVM rows are is known at the file's end: without expectedFeatures a block is as wide as the
/// widest row up to its end, and a second pass that expects the features found gives all rows that width.
/// @throws as loadData, also after blocks were visited.
LoadedData scanData(const std::filesystem::path& file, const LoadOptions& options, const LoadContext& context,
                    const std::function<void(const RowBlock&)>& visit, const Job& job = {});

} // namespace zipml
