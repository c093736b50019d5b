#pragma once
/// Chooses the offsets that a table's columns are read less, from a survey of all their values.

#include "core/data/schema.h"
#include "core/data/survey.h"

#include <string>
#include <vector>

namespace zipml {

/// Sets schema.offsets and schema.labelOffset. @param ofFeatures whether features may have one
/// @return a sentence for each column in use whose whole numbers floats merge all the same
std::vector<std::string> chooseOffsets(const TableSurvey& survey, bool ofFeatures, Schema& schema);

} // namespace zipml
