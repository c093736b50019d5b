#include "core/data/formats/csv_fields.h"

#include "core/base/error.h"
#include "core/data/number.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>

namespace zipml {
namespace {

/// In order of preference where several fit equally.
constexpr Delimiter kDelimiters[] = {
    {',', "comma"}, {'\t', "tab"}, {';', "semicolon"}, {'|', "pipe"}, {' ', "space"}};

std::string_view withoutLeadingBlanks(std::string_view text, char delimiter) {
    // Between columns cut at blanks, tabs are blanks too.
    const std::string_view blanks = delimiter == ' ' ? " \t" : " ";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

/// Where the quoted field that `line` begins with closes: at a quote that is not doubled, if only blanks
/// stand between it and a delimiter or the end; npos where none does.
std::size_t closingQuote(std::string_view line, char delimiter) {
    for (auto quote = line.find('"', 1); quote != std::string_view::npos; quote = line.find('"', quote + 1)) {
        if (line.substr(quote + 1).starts_with('"')) {
            ++quote;
            continue;
        }
        const auto rest = withoutLeadingBlanks(line.substr(quote + 1), delimiter);
        const bool closes = rest.empty() || rest.front() == delimiter ||
                            (delimiter == ' ' && rest.size() < line.size() - quote - 1);
        return closes ? quote : std::string_view::npos;
    }
    return std::string_view::npos;
}

/// "1,500" and "12,345,678": commas that may set thousands apart.
bool mayHaveThousands(std::string_view field) {
    const auto first = field.find(',');
    if (first == std::string_view::npos || first == 0 || first > 4 || (field.size() - first) % 4 != 0)
        return false;
    for (std::size_t i = first; i < field.size(); ++i)
        if ((i - first) % 4 == 0 ? field[i] != ',' : field[i] < '0' || field[i] > '9')
            return false;
    return true;
}

/// How well marks fit: lines that agree on a number of columns, then the share of their fields that are
/// numbers, then the number of columns.
using Fit = std::tuple<std::size_t, double, std::size_t>;

Fit fitOf(const std::vector<std::string_view>& lines, const TableMarks& marks) {
    constexpr std::size_t kLines = 64;
    struct Tally {
        std::size_t lines = 0;
        double numbers = 0;
    };
    std::map<std::size_t, Tally> byColumns;
    std::vector<std::string_view> fields;
    const CellSyntax syntax{marks.decimal, {}};
    double value = 0;
    bool fractions = marks.decimal == '.'; // commas that can be nothing but decimal ones
    for (std::size_t i = 0; i < std::min(lines.size(), kLines); ++i) {
        splitFields(lines[i], marks.delimiter.character, fields);
        for (const auto field : fields)
            fractions = fractions || (field.find(',') != std::string_view::npos && !mayHaveThousands(field) &&
                                      parseField(field, syntax, value) == FieldKind::Number);
        if (fields.size() < 2)
            continue;
        auto& tally = byColumns[fields.size()];
        ++tally.lines;
        tally.numbers += static_cast<double>(std::ranges::count_if(
            fields, [&](auto field) { return parseField(field, syntax, value) == FieldKind::Number; }));
    }
    Fit best{0, 0, 0};
    if (!fractions)
        return best;
    for (const auto& [columns, tally] : byColumns)
        best = std::max(
            best, Fit{tally.lines, tally.numbers / static_cast<double>(tally.lines * columns), columns});
    return best;
}

std::span<const Delimiter> delimitersFor(const std::string& name) {
    if (name == "auto")
        return kDelimiters;
    std::string choices = "auto";
    for (const auto& delimiter : kDelimiters) {
        if (name == delimiter.name)
            return {&delimiter, 1};
        choices.append(", ").append(delimiter.name);
    }
    throw InputError("delimiter: " + inQuotes(name) + " is unknown; choose one of " + choices);
}

std::string_view decimalsFor(const std::string& name) {
    if (name == "auto")
        return ".,";
    if (name == "point")
        return ".";
    if (name == "comma")
        return ",";
    throw InputError("decimal: " + inQuotes(name) + " is unknown; choose one of auto, point, comma");
}

} // namespace

void splitFields(std::string_view line, char delimiter, std::vector<std::string_view>& fields) {
    fields.clear();
    if (delimiter == ' ')
        line = trimmed(line);
    while (true) {
        line = withoutLeadingBlanks(line, delimiter);
        const auto close = line.starts_with('"') ? closingQuote(line, delimiter) : std::string_view::npos;
        const bool quoted = close != std::string_view::npos;
        const auto end = line.find(delimiter, quoted ? close : 0);
        fields.push_back(trimmed(quoted ? line.substr(1, close - 1) : line.substr(0, end)));
        if (end == std::string_view::npos)
            return;
        line.remove_prefix(end + 1);
    }
}

std::string withoutDoubledQuotes(std::string_view field) {
    std::string text(field);
    for (auto at = text.find("\"\""); at != std::string::npos; at = text.find("\"\"", at + 1))
        text.erase(at, 1);
    return text;
}

std::vector<std::string> namesInList(const std::string& list) {
    std::vector<std::string> names;
    if (trimmed(list).empty())
        return names;
    std::vector<std::string_view> fields;
    splitFields(list, ',', fields);
    for (const auto field : fields)
        names.push_back(withoutDoubledQuotes(field));
    return names;
}

TableMarks findMarks(const std::vector<std::string_view>& lines, const std::string& delimiter,
                     const std::string& decimal) {
    const auto delimiters = delimitersFor(delimiter);
    const auto decimals = decimalsFor(decimal);
    TableMarks best{delimiters.front(), decimals.front()};
    Fit bestFit{0, 0, 0};
    for (const auto& candidate : delimiters)
        for (const char point : decimals) {
            if (point == candidate.character)
                continue;
            const TableMarks marks{candidate, point};
            if (const Fit fit = fitOf(lines, marks);
                fit > bestFit || decimals.size() + delimiters.size() == 2) {
                best = marks;
                bestFit = fit;
            }
        }
    return best;
}

} // namespace zipml
