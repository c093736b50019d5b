#pragma once
/// A data report says what a person wants to know about a data file before training on it: what was found,
/// what each column is and holds, what may go wrong. Files that cannot be trained on yet have one too.

#include "core/data/load.h"
#include "core/data/task.h"

#include <map>
#include <optional>

namespace zipml {

struct ColumnReport {
    std::string name; ///< the file's, or "x3"
    ColumnRole role = ColumnRole::Feature;
    ColumnKind kind = ColumnKind::Number;
    double minimum = 0, maximum = 0, mean = 0, deviation = 0; ///< of numbers and times, in the file's units
    std::size_t missing = 0;
    std::size_t distinct = 0;  ///< values or texts
    bool manyDistinct = false; ///< there are more than `distinct`
    bool constant = false;
    std::vector<std::size_t> histogram; ///< rows of a sample in kBins equal bins from minimum to maximum
    std::vector<std::pair<std::string, std::size_t>> texts; ///< with their rows, the most frequent ten first
    int bits = 0; ///< with uniform levels rounding adds less than 1% to the variance; 0: not known

    static constexpr std::size_t kBins = 24;
};

struct DataReport {
    std::string file; ///< for titles
    std::size_t rows = 0;
    std::size_t features = 0; ///< after categories became features
    std::string format, delimiter, decimal, compression;
    bool header = false;
    std::optional<std::size_t> label; ///< the column, from 0; none for sparse rows and without a label
    std::string labelWhy;
    ColumnReport labelColumn;          ///< also of sparse rows
    std::optional<Task> task;          ///< none where it cannot be trained on
    std::string whyNot;                ///< why it cannot be trained on, and what to do: one line; else empty
    std::vector<ColumnReport> columns; ///< of tables all, in the file's order; of sparse rows the features
    std::vector<std::pair<std::string, std::size_t>>
        labelCounts;                                 ///< rows by label, while there are at most 100
    double nonzeroShare = 0;                         ///< of the cells, 0 to 1
    std::size_t missing = 0;                         ///< cells
    std::vector<std::vector<std::string>> firstRows; ///< of tables, as the file has them
    std::vector<std::string> notes;                  ///< what was decided
    std::vector<std::string> warnings;               ///< what may be meant otherwise or harm training
    LoadOptions options;                             ///< with what was found in the place of "auto"
    Schema schema;

    /// A regression whose few labels are whole numbers: what is meant cannot be told from them alone.
    [[nodiscard]] bool mayBeClasses() const;
};

/// @param task what the person chose; none: detected
/// @throws InputError where the file cannot be read at all, Cancelled.
DataReport reportOn(const std::filesystem::path& file, const LoadOptions& options = {},
                    std::optional<Task> task = std::nullopt, const LoadContext& context = {},
                    const Job& job = {});
/// Of rows in memory.
DataReport reportOn(const LoadedData& loaded, std::optional<Task> task = std::nullopt);

} // namespace zipml
