#pragma once
/// Columns far from zero beside their range (dates, Unix times, ids, prices) keep their digits as floats when
/// an offset is subtracted first, in double.

#include "core/data/formats/parsed_rows.h"
#include "core/data/survey.h"

namespace zipml {

/// 0 where floats hold the values as they are, to within 2^-20 of their range, or whole numbers of a range
/// that no offset makes exact; else a number of few digits near their middle.
double offsetFor(double low, double high, bool whole);

/// Whether whole numbers stay distinct as floats less `offset`.
bool mergesWholeNumbers(double low, double high, double offset);

} // namespace zipml
