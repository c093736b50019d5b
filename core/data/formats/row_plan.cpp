#include "core/data/formats/row_plan.h"

#include "core/data/time_field.h"

#include <cmath>
#include <limits>

namespace zipml {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

} // namespace

RowPlacer::RowPlacer(const RowPlan& plan, ParsedRows& rows) : plan_(plan), rows_(rows) {
    rows.values.resize(rows.values.size() + plan.features, 0.0F);
    values_ = rows.values.data() + rows.values.size() - plan.features;
}

void RowPlacer::place(std::size_t column, double value) {
    const ColumnPlan& plan = plan_.columns[column];
    switch (plan.role) {
    case ColumnRole::Feature:
        values_[plan.slot] =
            static_cast<float>(value - (plan_.offsets.empty() ? 0 : plan_.offsets[plan.slot]));
        break;
    case ColumnRole::Label:
        label_ = value - plan_.labelOffset;
        break;
    case ColumnRole::Weight:
        if (!(value >= 0))
            throw BadCell{column, "a row's weight is a number of 0 or more"};
        weight_ = static_cast<float>(value);
        break;
    case ColumnRole::Ignored:
        break;
    }
}

void RowPlacer::number(std::size_t column, double value) {
    if (std::isnan(value))
        return missing(column, "NaN");
    place(column, value);
}

void RowPlacer::missing(std::size_t column, std::string_view text) {
    const ColumnPlan& plan = plan_.columns[column];
    if (plan.role == ColumnRole::Ignored)
        return;
    if (!plan_.missingAllowed)
        throw BadCell{column, describeField(FieldKind::Missing, text)};
    if (plan.role == ColumnRole::Feature && plan.kind == ColumnKind::Category && !plan_.missingDrops)
        return; // none of the categories
    place(column, plan.role == ColumnRole::Weight ? 0.0 : kNone);
}

void RowPlacer::text(std::size_t column, FieldKind kind, std::string_view text) {
    const ColumnPlan& plan = plan_.columns[column];
    if (plan.role == ColumnRole::Ignored)
        return;
    if (plan.kind == ColumnKind::Time) {
        if (const auto seconds = parseTime(text))
            return place(column, *seconds);
        throw BadCell{column, inQuotes(text) +
                                  " is no date or time, as the column's other cells are; mend it, "
                                  "or ignore the column (--ignore)"};
    }
    if (plan.kind == ColumnKind::Category) {
        const auto found = plan.categories.find(text);
        if (found == plan.categories.end())
            throw BadCell{column, inQuotes(text) + (plan.role == ColumnRole::Label
                                                        ? " is none of the classes of the training data"
                                                        : " is none of the categories of the training data")};
        if (plan.role == ColumnRole::Label)
            label_ = found->second;
        else
            values_[plan.slot + found->second] = 1;
        return;
    }
    throw BadCell{
        column,
        describeField(kind, text) +
            (kind == FieldKind::Text
                 ? "; or mark it as missing (--missing-marks), ignore the column (--ignore) or read it "
                   "as categories (--categorical)"
                 : "")};
}

void RowPlacer::end() {
    rows_.labels.push_back(label_);
    if (plan_.weighted)
        rows_.weights.push_back(weight_);
}

} // namespace zipml
