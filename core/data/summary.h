#pragma once
/// What a person wants to know about a data file before training on it (`zipml data`, the GUI's data card).

#include "core/data/load.h"

#include <map>
#include <optional>

namespace zipml {

struct ColumnSummary {
    std::string name;
    double minimum = 0, maximum = 0, mean = 0,
           deviation = 0; ///< over the values present, in the file's units
    std::size_t missing = 0;
    bool constant = false;
};

struct DataSummary {
    std::size_t rows = 0, features = 0;
    Task task = Task::Regression;
    std::vector<ColumnSummary> columns;
    ColumnSummary label;
    std::map<double, std::size_t>
        labelCounts;         ///< rows by label value, kept while there are at most 32 values
    double nonzeroShare = 0; ///< 0 to 1
    std::size_t missing = 0;

    /// A regression whose few labels are whole numbers: what is meant cannot be told from them alone.
    [[nodiscard]] bool mayBeClasses() const;
};

DataSummary summarize(const LoadedData& loaded);

/// More classes than two have labels that are whole numbers, and are at most this many.
constexpr std::size_t kMostClasses = 100;

/// Two distinct label values make a classification, anything else a regression unless it is forced.
/// @throws InputError when all labels are equal ("nothing to learn") or, for a forced classification, when
/// there are more than two distinct values that are not classes.
Task detectTask(const Dataset& data, std::optional<Task> forced = std::nullopt);

} // namespace zipml
