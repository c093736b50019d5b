#pragma once
/// What in a table may harm training, told from a survey and a sample of its rows.

#include "core/data/report.h"
#include "core/data/survey.h"

namespace zipml {

/// A sentence for each: outliers that waste uniform levels, constant and equal columns, ids, rare classes,
/// columns that are nearly linear in one another.
std::vector<std::string> warningsOf(const DataReport& report, const TableSurvey& survey);

} // namespace zipml
