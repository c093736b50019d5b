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

/// Where the quoted field that `line` begins with closes: at a quote before a delimiter, a blank or the end.
std::size_t closingQuote(std::string_view line, char delimiter) {
    auto quote = line.find('"', 1);
    while (quote != std::string_view::npos && quote + 1 < line.size() && line[quote + 1] != delimiter &&
           line[quote + 1] != ' ')
        quote = line.find('"', quote + 2);
    return quote;
}

/// How well a delimiter fits: lines that agree on a number of columns, then the share of their fields that
/// are numbers, then the number of columns.
std::tuple<std::size_t, double, std::size_t> fitOf(const std::vector<std::string>& head, char delimiter) {
    constexpr std::size_t kLines = 64;
    struct Tally {
        std::size_t lines = 0;
        double numbers = 0;
    };
    std::map<std::size_t, Tally> byColumns;
    std::vector<std::string_view> fields;
    float value = 0;
    for (std::size_t i = 0; i < std::min(head.size(), kLines); ++i) {
        splitFields(head[i], delimiter, fields);
        if (fields.size() < 2)
            continue;
        auto& tally = byColumns[fields.size()];
        ++tally.lines;
        tally.numbers += static_cast<double>(std::ranges::count_if(
            fields, [&](auto field) { return parseField(field, value) == FieldKind::Number; }));
    }
    std::tuple<std::size_t, double, std::size_t> best{0, 0, 0};
    for (const auto& [columns, tally] : byColumns)
        best =
            std::max(best, std::tuple{tally.lines, tally.numbers / static_cast<double>(tally.lines * columns),
                                      columns});
    return best;
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

Delimiter detectDelimiter(const std::vector<std::string>& head) {
    Delimiter best = kDelimiters[0];
    auto bestFit = fitOf(head, best.character);
    for (const auto& candidate : std::span(kDelimiters).subspan(1)) {
        const auto fit = fitOf(head, candidate.character);
        if (fit > bestFit) {
            best = candidate;
            bestFit = fit;
        }
    }
    return best;
}

Delimiter delimiterNamed(std::string_view name) {
    std::string choices = "auto";
    for (const auto& delimiter : kDelimiters) {
        if (name == delimiter.name)
            return delimiter;
        choices.append(", ").append(delimiter.name);
    }
    throw InputError("delimiter: " + inQuotes(name) + " is unknown; choose one of " + choices);
}

} // namespace zipml
