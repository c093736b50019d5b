#pragma once
/// The column choice decides what a table's columns are, from what the person chose, what the format states
/// and what a survey saw: role, kind, categories; and says why wherever it was not chosen.

#include "core/data/formats/row_source.h"
#include "core/data/label_choice.h"
#include "core/data/load_options.h"
#include "core/data/task.h"

#include <filesystem>

namespace zipml {

struct ColumnChoice {
    Schema schema;                    ///< without offsets
    std::optional<std::size_t> label; ///< from 0
    std::string labelWhy;
    bool labelOpen = false; ///< neither a person nor a name nor the format said which
    bool plain =
        false; ///< all columns are numbers, used in their order, and none is missing: as far as was seen
    std::vector<std::string> notes, warnings;
    std::string whyNot; ///< no feature is left to learn from: one line; else empty
};

/// @throws InputError for a column that does not exist, or a label of too many texts.
ColumnChoice chooseColumns(const std::filesystem::path& file, const SourceShape& shape,
                           const TableSurvey& survey, const LoadOptions& options);

/// The place of a column in options: a name, or a number from 1. @param what "label column"
/// @throws InputError with the choices.
std::size_t findColumn(const std::filesystem::path& file, const std::vector<std::string>& names,
                       std::size_t columns, const std::string& wanted, const std::string& what);

/// The evidence that a survey has.
LabelEvidence evidenceOf(const ColumnSurvey& column, std::size_t rows);

} // namespace zipml
