#include "ui/data/column_edits.h"

#include "core/data/formats/csv_fields.h"

#include <algorithm>
#include <charconv>

namespace zipml::ui {
namespace {

/// As a list of options has it.
std::string listItem(const std::string& name) {
    if (name.find_first_of(",\"") == std::string::npos && !name.starts_with(' ') && !name.ends_with(' '))
        return name;
    std::string quoted = "\"";
    for (const char character : name)
        quoted += character == '"' ? std::string("\"\"") : std::string(1, character);
    return quoted + "\"";
}

std::string listOf(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names)
        list += (list.empty() ? "" : ",") + listItem(name);
    return list;
}

/// Whether an entry means the column: as core/data/column_choice.h finds it, names before numbers.
bool means(const std::string& entry, const DataReport& report, std::size_t column) {
    if (report.schema.named) {
        const auto found = std::ranges::find(report.columns, entry, &ColumnReport::name);
        if (found != report.columns.end())
            return static_cast<std::size_t>(found - report.columns.begin()) == column;
    }
    std::size_t number = 0;
    const char* const end = entry.data() + entry.size();
    const auto [stop, error] = std::from_chars(entry.data(), end, number);
    return error == std::errc{} && stop == end && number == column + 1;
}

void take(std::string& list, const DataReport& report, std::size_t column) {
    auto names = namesInList(list);
    std::erase_if(names, [&](const auto& name) { return means(name, report, column); });
    list = listOf(names);
}

bool isListed(const std::string& list, const DataReport& report, std::size_t column) {
    const auto names = namesInList(list);
    return std::ranges::any_of(names, [&](const auto& name) { return means(name, report, column); });
}

void put(std::string& list, const DataReport& report, std::size_t column) {
    auto names = namesInList(list);
    names.push_back(referenceTo(report, column));
    list = listOf(names);
}

/// A column that the lab left out becomes a feature again.
void takeBack(LoadOptions& options, const DataReport& report, std::size_t column) {
    const ColumnReport& seen = report.columns[column];
    if (seen.kind == ColumnKind::Time) {
        options.times = "seconds";
        return;
    }
    if (seen.kind == ColumnKind::Category) {
        options.categories = std::max(options.categories, seen.distinct);
        return;
    }
    if (!options.features.empty())
        return;
    for (std::size_t c = 0; c < report.columns.size(); ++c) // what is listed is not left out
        if (c == column || report.columns[c].role == ColumnRole::Feature)
            put(options.features, report, c);
}

} // namespace

std::string referenceTo(const DataReport& report, std::size_t column) {
    const std::string& name = report.columns[column].name;
    const bool own =
        report.schema.named && !name.empty() &&
        std::ranges::count(report.columns, name, &ColumnReport::name) == 1 && name != "auto" &&
        name != "first" && name != "last" && name != "none" &&
        name.find_first_of("\r\n") == std::string::npos &&
        !(name.starts_with("x" + std::to_string(column + 1)) && // may stand for a name that is empty
          name.size() == 1 + std::to_string(column + 1).size());
    return own ? name : std::to_string(column + 1);
}

LoadOptions withRole(LoadOptions options, const DataReport& report, std::size_t column, ColumnRole role) {
    const ColumnReport& seen = report.columns[column];
    const bool listed = !options.features.empty();
    const bool ignoredByPerson = isListed(options.ignore, report, column);
    take(options.ignore, report, column);
    take(options.features, report, column);
    if (!options.weight.empty() && means(options.weight, report, column))
        options.weight.clear();
    const bool wasLabel = report.label == column;
    switch (role) {
    case ColumnRole::Feature:
        if (wasLabel)
            options.labelColumn = "none";
        if (listed)
            put(options.features, report, column);
        if (seen.role == ColumnRole::Ignored && !ignoredByPerson)
            takeBack(options, report, column);
        break;
    case ColumnRole::Label:
        options.labelColumn = referenceTo(report, column);
        break;
    case ColumnRole::Weight:
        if (wasLabel)
            options.labelColumn = "auto";
        options.weight = referenceTo(report, column);
        break;
    case ColumnRole::Ignored:
        if (wasLabel)
            options.labelColumn = "auto";
        if (!listed || wasLabel || options.features.empty()) // an empty list would mean all
            put(options.ignore, report, column);
        break;
    }
    return options;
}

LoadOptions withKind(LoadOptions options, const DataReport& report, std::size_t column, ColumnKind kind) {
    take(options.categorical, report, column);
    if (kind == ColumnKind::Category)
        put(options.categorical, report, column);
    return options;
}

bool isChosenCategory(const DataReport& report, std::size_t column) {
    return isListed(report.options.categorical, report, column);
}

LoadOptions withMissingMark(LoadOptions options, const std::string& text) {
    auto marks = namesInList(options.missingMarks);
    if (std::ranges::find(marks, text) == marks.end())
        marks.push_back(text);
    options.missingMarks = listOf(marks);
    return options;
}

} // namespace zipml::ui
