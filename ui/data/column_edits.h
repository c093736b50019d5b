#pragma once
/// A column edit turns what a person chose for a column into options of reading.

#include "core/data/report.h"

namespace zipml::ui {

/// How options name a column: by its name where the file has one that is its own, else by its number.
std::string referenceTo(const DataReport& report, std::size_t column);

/// @param report of the file with the options that `options` changes
LoadOptions withRole(LoadOptions options, const DataReport& report, std::size_t column, ColumnRole role);
/// Number or Category, of a column of numbers.
LoadOptions withKind(LoadOptions options, const DataReport& report, std::size_t column, ColumnKind kind);
/// Whether a person made categories of its numbers.
bool isChosenCategory(const DataReport& report, std::size_t column);
/// With `text` as a mark of missing values.
LoadOptions withMissingMark(LoadOptions options, const std::string& text);

} // namespace zipml::ui
