#include "core/data/formats/csv_layout.h"

#include "core/data/number.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <set>

namespace zipml {
namespace {

struct Delimiter {
    char character;
    std::string_view name;
};
/// In order of preference where several fit equally.
constexpr Delimiter kDelimiters[] = {
    {',', "comma"}, {'\t', "tab"}, {';', "semicolon"}, {'|', "pipe"}, {' ', "space"}};

using Row = std::vector<std::string_view>;

std::vector<Row> splitAll(const std::deque<std::string>& head, char delimiter) {
    std::vector<Row> rows(head.size());
    for (std::size_t i = 0; i < head.size(); ++i)
        splitFields(head[i], delimiter, rows[i]);
    return rows;
}

Delimiter detectDelimiter(const std::deque<std::string>& head) {
    // The delimiter that cuts most lines into the same number of columns; then the one that gives most
    // columns.
    Delimiter best = kDelimiters[0];
    std::pair<std::size_t, std::size_t> bestScore{0, 1};
    for (const auto& candidate : kDelimiters) {
        const auto rows = splitAll(head, candidate.character);
        const std::size_t columns = rows.back().size();
        if (columns < 2)
            continue;
        const auto agreeing =
            std::ranges::count_if(rows, [&](const Row& row) { return row.size() == columns; });
        const std::pair score{static_cast<std::size_t>(agreeing), columns};
        // A candidate must be clearly better than one tried earlier: "1, 2, 3" also splits at its blanks.
        if (score.first > bestScore.first ||
            (score.first == bestScore.first && score.second > bestScore.second)) {
            best = candidate;
            bestScore = score;
        }
    }
    return best;
}

bool isText(std::string_view field) {
    float value = 0;
    return parseField(field, value) == FieldKind::Text;
}

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

/// Whole numbers with 2 to 32 different values: what class labels look like.
bool looksLikeClasses(std::span<const Row> rows, std::size_t column) {
    std::set<float> values;
    for (const auto& row : rows) {
        float value = 0;
        if (column >= row.size() || parseField(row[column], value) != FieldKind::Number ||
            value != std::floor(value))
            return false;
        values.insert(value);
    }
    return values.size() >= 2 && values.size() <= 32 && values.size() < rows.size();
}

std::optional<std::size_t> columnNamed(const CsvLayout& layout, std::string_view name) {
    for (std::size_t c = 0; c < layout.names.size(); ++c)
        if (layout.names[c] == name)
            return c;
    return std::nullopt;
}

std::size_t detectLabel(const CsvLayout& layout, std::span<const Row> rows) {
    constexpr std::string_view kUsual[] = {"label", "target", "class", "y", "output", "response"};
    for (const auto usual : kUsual)
        for (std::size_t c = 0; c < layout.names.size(); ++c)
            if (lowerCase(layout.names[c]) == usual)
                return c;
    const std::size_t last = layout.columns - 1;
    return looksLikeClasses(rows, 0) && !looksLikeClasses(rows, last) ? 0 : last;
}

std::optional<std::size_t> labelColumn(const CsvLayout& layout, std::span<const Row> rows, const Lines& lines,
                                       const LoadOptions& options, const LoadContext& context) {
    const std::string& wanted = options.labelColumn;
    if (wanted == "none" || (wanted == "auto" && context.expectedFeatures == layout.columns))
        return std::nullopt;
    if (wanted == "auto")
        return detectLabel(layout, rows);
    if (wanted == "first")
        return 0;
    if (wanted == "last")
        return layout.columns - 1;
    if (const auto named = columnNamed(layout, wanted))
        return named;
    std::size_t index = 0;
    const char* const end = wanted.data() + wanted.size();
    const auto [stop, error] = std::from_chars(wanted.data(), end, index);
    if (error == std::errc{} && stop == end && index >= 1 && index <= layout.columns)
        return index - 1;
    std::string choices = "1 to " + std::to_string(layout.columns);
    for (std::size_t c = 0; c < std::min<std::size_t>(layout.names.size(), 12); ++c)
        choices += ", " + layout.names[c];
    throw InputError(lines.file().string() + ": label column " + inQuotes(wanted) +
                     " does not exist; choose first, last, none or one of " + choices);
}

Delimiter chosenDelimiter(const Lines& lines, const std::string& name) {
    if (name == "auto")
        return detectDelimiter(lines.head());
    std::string choices = "auto";
    for (const auto& delimiter : kDelimiters) {
        if (name == delimiter.name || name == std::string(1, delimiter.character))
            return delimiter;
        choices.append(", ").append(delimiter.name);
    }
    throw InputError("delimiter: " + inQuotes(name) + " is unknown; choose one of " + choices);
}

} // namespace

void splitFields(std::string_view line, char delimiter, std::vector<std::string_view>& fields) {
    fields.clear();
    if (delimiter == ' ')
        line = trimmed(line);
    while (true) {
        std::string_view field;
        std::size_t end = 0;
        if (!line.empty() && line.front() == '"' && line.find('"', 1) != std::string_view::npos) {
            const auto close = line.find('"', 1);
            field = line.substr(1, close - 1);
            end = line.find(delimiter, close);
        } else {
            end = line.find(delimiter);
            field = trimmed(line.substr(0, end));
        }
        fields.push_back(field);
        if (end == std::string_view::npos)
            return;
        line.remove_prefix(end + 1);
        if (delimiter == ' ')
            line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    }
}

CsvLayout detectLayout(const Lines& lines, const LoadOptions& options, const LoadContext& context) {
    CsvLayout layout;
    const Delimiter delimiter = chosenDelimiter(lines, options.delimiter);
    layout.delimiter = delimiter.character;
    layout.delimiterName = delimiter.name;
    const auto rows = splitAll(lines.head(), layout.delimiter);

    if (options.header == "auto")
        layout.header = std::ranges::any_of(rows[0], isText) &&
                        (rows.size() == 1 || std::ranges::none_of(rows[1], isText));
    else if (options.header == "yes" || options.header == "no")
        layout.header = options.header == "yes";
    else
        throw InputError("header: " + inQuotes(options.header) + " is unknown; choose one of auto, yes, no");

    if (layout.header)
        layout.names.assign(rows[0].begin(), rows[0].end());
    const std::span<const Row> body(rows.begin() + (layout.header ? 1 : 0), rows.end());
    if (body.empty())
        throw InputError(lines.file().string() +
                         ": has a header and no rows; a data file has one row a line");
    layout.columns = layout.header ? rows[0].size() : body[0].size();
    layout.labelColumn = labelColumn(layout, body, lines, options, context);
    if (layout.columns < (layout.labelColumn ? 2U : 1U))
        throw InputError(
            lines.file().string() +
            ": has one column; a table has features and a label, separated by commas, tabs, semicolons, "
            "pipes or blanks");
    return layout;
}

} // namespace zipml
