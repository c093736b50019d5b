#include "core/data/choose_offsets.h"

#include "core/data/number.h"
#include "core/data/offsets.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace zipml {
namespace {

/// Empty where the values stay distinct.
std::string mergeWarning(const std::string& column, const ColumnSurvey& seen, double offset) {
    char largest[400];
    std::snprintf(largest, sizeof largest, "%.0f", seen.high);
    std::string text = column + ": whole numbers up to " + largest + " do not all fit a 32-bit float: ";
    if (seen.manyValues) {
        text += "neighbouring values become one";
    } else {
        std::set<float> floats;
        for (const auto& [value, rows] : seen.values)
            floats.insert(static_cast<float>(value - offset));
        if (floats.size() == seen.values.size())
            return {};
        text += std::to_string(seen.values.size()) + " values become " + std::to_string(floats.size());
    }
    return text + "; leave it out with --ignore where it is an id";
}

} // namespace

std::vector<std::string> chooseOffsets(const TableSurvey& survey, bool ofFeatures, Schema& schema) {
    std::vector<std::string> warnings;
    std::vector<double> offsets(schema.features());
    std::size_t feature = 0;
    for (std::size_t c = 0; c < schema.columns.size(); ++c) {
        const Column& column = schema.columns[c];
        const ColumnSurvey& seen = survey.columns[c];
        const bool isFeature = column.role == ColumnRole::Feature;
        const std::size_t at = feature;
        if (isFeature)
            feature += column.kind == ColumnKind::Category ? column.categories.size() : 1;
        if (column.kind == ColumnKind::Category || (!isFeature && column.role != ColumnRole::Label))
            continue;
        double offset = 0;
        if (!isFeature || ofFeatures)
            offset = offsetFor(seen.low, seen.high, seen.whole && seen.times == 0);
        (isFeature ? offsets[at] : schema.labelOffset) = offset;
        if (!seen.whole || seen.numbers == 0 || !mergesWholeNumbers(seen.low, seen.high, offset))
            continue;
        const std::string title =
            "column " + std::to_string(c + 1) + (schema.named ? " (" + inQuotes(column.name) + ")" : "");
        if (std::string warning = mergeWarning(title, seen, offset); !warning.empty())
            warnings.push_back(std::move(warning));
    }
    if (std::ranges::any_of(offsets, [](double offset) { return offset != 0; }))
        schema.offsets = std::move(offsets);
    return warnings;
}

} // namespace zipml
