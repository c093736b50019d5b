#include "core/data/formats/table_row.h"

#include "core/data/formats/csv_fields.h"
#include "core/data/formats/text_source.h"
#include "core/data/time_field.h"
#include "core/data/utf8.h"

#include <limits>

namespace zipml {
namespace {

std::string textOf(std::string_view field, bool latin1) {
    return asUtf8(field.find("\"\"") == std::string_view::npos ? std::string(field)
                                                               : withoutDoubledQuotes(field),
                  latin1);
}

void surveyCell(std::string_view field, bool asText, const CellSyntax& syntax, bool latin1, std::size_t line,
                ColumnSurvey& column, double& number) {
    double value = 0;
    switch (parseField(field, syntax, value)) {
    case FieldKind::Missing:
        if (++column.missing == 1)
            column.firstMissing = {line, std::string(field)};
        return;
    case FieldKind::Number:
        if (asText)
            return column.addText(textOf(field, latin1), line);
        number = value;
        return column.addNumber(value);
    case FieldKind::NotFinite:
    case FieldKind::TooLarge:
        if (++column.wrong == 1)
            column.firstWrong = {line, std::string(field)};
        return;
    case FieldKind::Text:
        break;
    }
    const auto seconds = asText ? std::nullopt : parseTime(field);
    if (!seconds)
        return column.addText(textOf(field, latin1), line);
    number = *seconds;
    column.addTime(*seconds, field);
}

} // namespace

std::string columnText(const RowPlan& plan, std::size_t column) {
    const std::string& name = plan.columns[column].name;
    return "column " + std::to_string(column + 1) + (name.empty() ? "" : " (" + inQuotes(name) + ")") + ": ";
}

void addTableRow(const std::vector<std::string_view>& fields, const RowPlan& plan, bool latin1,
                 ParsedRows& rows) {
    RowPlacer placer(plan, rows);
    try {
        for (std::size_t c = 0; c < fields.size(); ++c) {
            const ColumnPlan& column = plan.columns[c];
            if (column.role == ColumnRole::Ignored)
                continue;
            double value = 0;
            const FieldKind kind = parseField(fields[c], plan.syntax, value);
            if (kind == FieldKind::Missing)
                placer.missing(c, fields[c]);
            else if (kind == FieldKind::Number && column.kind != ColumnKind::Category)
                placer.number(c, value);
            else if (column.kind == ColumnKind::Category)
                placer.text(c, kind, textOf(fields[c], latin1));
            else
                placer.text(c, kind, fields[c]);
        }
        placer.end();
    } catch (BadCell& bad) {
        throw LineFault{columnText(plan, bad.column) + bad.text};
    }
}

void surveyTableRow(const std::vector<std::string_view>& fields, std::size_t columns, std::size_t offset,
                    const CellSyntax& syntax, bool latin1, TableSurvey& survey) {
    constexpr std::size_t kFirstRows = 10;
    const std::size_t line = survey.lines + 1;
    if (fields.size() != columns) {
        if (survey.raggedLine == 0) {
            survey.raggedLine = line;
            survey.raggedColumns = fields.size();
        }
        return;
    }
    const bool sampled = survey.sample.wants(offset);
    std::vector<double> numbers(sampled ? columns : 0, std::numeric_limits<double>::quiet_NaN());
    double unused = 0;
    for (std::size_t c = 0; c < columns; ++c)
        surveyCell(fields[c], !survey.asText.empty() && survey.asText[c], syntax, latin1, line,
                   survey.columns[c], sampled ? numbers[c] : unused);
    if (sampled)
        survey.sample.add(offset, numbers);
    if (survey.firstRows.size() < kFirstRows) {
        auto& row = survey.firstRows.emplace_back();
        for (const auto field : fields)
            row.push_back(textOf(field, latin1));
    }
    ++survey.rows;
}

} // namespace zipml
