#include "core/data/formats/csv_layout.h"

#include "core/data/formats/csv_fields.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace zipml {
namespace {

using Fields = std::vector<std::string_view>;
using HeadLines = std::vector<std::string>;

bool isText(std::string_view field) {
    float value = 0;
    return parseField(field, value) == FieldKind::Text;
}

/// A header has text above a column of numbers. Columns that are text throughout say nothing.
bool hasHeader(const HeadLines& head, char delimiter) {
    Fields first;
    splitFields(head.front(), delimiter, first);
    std::vector<std::size_t> suspects; // the columns with text in the first line
    for (std::size_t c = 0; c < first.size(); ++c)
        if (isText(first[c]))
            suspects.push_back(c);
    if (suspects.empty() || head.size() == 1)
        return !suspects.empty();
    std::vector<std::size_t> texts(suspects.size(), 0);
    Fields fields;
    const std::size_t sampled = std::min<std::size_t>(head.size(), 64);
    for (std::size_t r = 1; r < sampled; ++r) {
        splitFields(head[r], delimiter, fields);
        for (std::size_t i = 0; i < suspects.size(); ++i)
            texts[i] += suspects[i] < fields.size() && isText(fields[suspects[i]]) ? 1U : 0U;
    }
    return std::ranges::any_of(texts, [&](std::size_t count) { return 2 * count < sampled - 1; });
}

bool headerChosen(const std::string& option, const HeadLines& head, char delimiter) {
    if (option == "auto")
        return hasHeader(head, delimiter);
    if (option == "yes" || option == "no")
        return option == "yes";
    throw InputError("header: " + inQuotes(option) + " is unknown; choose one of auto, yes, no");
}

/// Whether a column's sampled values look like class labels: whole numbers, 2 to 32 different ones, not one
/// a row.
class ClassCheck {
  public:
    void add(std::string_view field) {
        float value = 0;
        ++rows_;
        possible_ = possible_ && parseField(field, value) == FieldKind::Number && value == std::floor(value);
        if (possible_)
            values_.insert(value);
        possible_ = possible_ && values_.size() <= 32;
    }
    [[nodiscard]] bool passed() const { return possible_ && values_.size() >= 2 && values_.size() < rows_; }

  private:
    bool possible_ = true;
    std::size_t rows_ = 0;
    std::set<float> values_;
};

std::size_t detectLabel(const CsvLayout& layout, const HeadLines& head) {
    constexpr std::string_view kUsual[] = {"label", "target", "class", "y", "output", "response"};
    for (const auto usual : kUsual)
        for (std::size_t c = 0; c < layout.names.size(); ++c)
            if (equalsIgnoringCase(layout.names[c], usual))
                return c;
    ClassCheck first;
    ClassCheck last;
    Fields fields;
    for (std::size_t r = layout.header ? 1 : 0; r < head.size(); ++r) {
        splitFields(head[r], layout.delimiter, fields);
        first.add(fields.front());
        last.add(fields.back());
    }
    return first.passed() && !last.passed() ? 0 : layout.columns - 1;
}

[[noreturn]] void failNoSuchLabel(const CsvLayout& layout, const Head& head, const std::string& wanted) {
    constexpr std::size_t kShown = 12;
    std::string choices = layout.columns == 1 ? "1" : "1 to " + std::to_string(layout.columns);
    for (std::size_t c = 0; c < std::min(layout.names.size(), kShown); ++c)
        choices += ", " + inQuotes(layout.names[c]);
    if (layout.names.size() > kShown)
        choices += ", ...";
    throw InputError(head.file.string() + ": label column " + inQuotes(wanted) +
                     " does not exist; choose auto, first, last, none or one of " + choices);
}

std::optional<std::size_t> labelColumn(const CsvLayout& layout, const Head& head, const std::string& wanted,
                                       std::size_t expectedFeatures) {
    if (wanted == "none" || (wanted == "auto" && expectedFeatures == layout.columns))
        return std::nullopt;
    if (wanted == "auto")
        return detectLabel(layout, head.lines);
    if (wanted == "first")
        return 0;
    if (wanted == "last")
        return layout.columns - 1;
    const auto named = std::ranges::find(layout.names, wanted);
    if (named != layout.names.end())
        return static_cast<std::size_t>(named - layout.names.begin());
    std::size_t index = 0;
    const char* const end = wanted.data() + wanted.size();
    const auto [stop, error] = std::from_chars(wanted.data(), end, index);
    if (error != std::errc{} || stop != end || index < 1 || index > layout.columns)
        failNoSuchLabel(layout, head, wanted);
    return index - 1;
}

} // namespace

CsvLayout detectLayout(const Head& head, const LoadOptions& options, const LoadContext& context) {
    const HeadLines& lines = head.lines;
    const auto longest = std::ranges::max(lines, {}, &std::string::size).size();
    requireMemory(head.file, static_cast<double>(longest * sizeof(std::string_view)),
                  context.memoryLimitBytes);

    CsvLayout layout;
    const Delimiter delimiter =
        options.delimiter == "auto" ? detectDelimiter(lines) : delimiterNamed(options.delimiter);
    layout.delimiter = delimiter.character;
    layout.delimiterName = delimiter.name;
    layout.header = headerChosen(options.header, lines, layout.delimiter);

    Fields fields;
    splitFields(lines.front(), layout.delimiter, fields);
    layout.columns = fields.size();
    requireMemory(head.file, static_cast<double>(layout.columns) * kBytesPerFeature,
                  context.memoryLimitBytes);
    if (layout.header) {
        layout.names.assign(fields.begin(), fields.end());
        if (lines.size() == 1)
            throw InputError(head.file.string() +
                             ": has a header and no rows; a data file has one row a line");
    }
    layout.labelColumn = labelColumn(layout, head, options.labelColumn, context.expectedFeatures);
    if (layout.labelColumn && layout.columns == 1)
        throw InputError(head.file.string() + ": has one column; a table has features and a label, "
                                              "separated by commas, tabs, semicolons, pipes or blanks");
    return layout;
}

} // namespace zipml
