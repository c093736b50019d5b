#pragma once
/// Rows of text fields, of whatever text format: placed by a plan, or surveyed.

#include "core/data/formats/row_plan.h"
#include "core/data/survey.h"

#include <string_view>
#include <vector>

namespace zipml {

/// @param fields one a column of the plan, with doubled quotes. @throws LineFault
void addTableRow(const std::vector<std::string_view>& fields, const RowPlan& plan, bool latin1,
                 ParsedRows& rows);

/// @param columns that the table has. @param offset of the row in the file's text
void surveyTableRow(const std::vector<std::string_view>& fields, std::size_t columns, std::size_t offset,
                    const CellSyntax& syntax, bool latin1, TableSurvey& survey);

/// "column 3 (height): ", the name only where the file has one.
std::string columnText(const RowPlan& plan, std::size_t column);

} // namespace zipml
