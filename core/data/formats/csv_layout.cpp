#include "core/data/formats/csv_layout.h"

#include "core/data/formats/csv_fields.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace zipml {
namespace {

using Fields = std::vector<std::string_view>;
using Lines = std::vector<std::string_view>;

constexpr std::size_t kLookedAt = 64; // lines that decide on headers

/// A mark with a blank behind it, or a line that is all mark; "#1" or "#N/A" may be a cell.
bool isComment(std::string_view line) {
    line = trimmed(line);
    const bool mark = line.starts_with('#') || line.starts_with('%');
    return mark && (line.size() == 1 || line[1] == ' ' || line[1] == '\t' || line[1] == line[0] ||
                    line.find_first_of(",;|\t") == std::string_view::npos);
}

/// The first lines, split with the marks found.
class Look {
  public:
    Look(const Lines& lines, const TableMarks& marks) : syntax_{marks.decimal, {}} {
        for (const auto line : lines) {
            splitFields(line, marks.delimiter.character, rows_.emplace_back());
            if (rows_.size() > kLookedAt)
                break;
        }
    }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] const Fields& row(std::size_t r) const { return rows_[r]; }
    [[nodiscard]] FieldKind kind(std::size_t r, std::size_t c, double& value) const {
        return parseField(rows_[r][c], syntax_, value);
    }
    [[nodiscard]] FieldKind kind(std::size_t r, std::size_t c) const {
        double value = 0;
        return kind(r, c, value);
    }
    [[nodiscard]] bool isText(std::size_t r, std::size_t c) const {
        return c < rows_[r].size() && kind(r, c) == FieldKind::Text;
    }
    /// The number of columns that most rows have, where four fifths and at least two do; else 0.
    [[nodiscard]] std::size_t usualColumns() const {
        std::map<std::size_t, std::size_t> counts;
        for (const Fields& row : rows_)
            ++counts[row.size()];
        const auto most =
            std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
        return most->second >= 2 &&
                       5 * most->second >= 4 * (rows_.size() - std::min<std::size_t>(5, rows_.size() / 2))
                   ? most->first
                   : 0;
    }

  private:
    const CellSyntax syntax_;
    std::vector<Fields> rows_;
};

/// Whether row `r`'s cells are all texts above columns that are mostly numbers, or one at least is.
bool hasTextAboveNumbers(const Look& look, std::size_t r) {
    if (look.size() == r + 1) {
        for (std::size_t c = 0; c < look.row(r).size(); ++c)
            if (look.isText(r, c))
                return true;
        return false;
    }
    for (std::size_t c = 0; c < look.row(r).size(); ++c) {
        if (!look.isText(r, c))
            continue;
        std::size_t texts = 0;
        for (std::size_t below = r + 1; below < look.size(); ++below)
            texts += look.isText(below, c) ? 1U : 0U;
        if (2 * texts < look.size() - r - 1)
            return true;
    }
    return false;
}

/// The first row's numbers where all are whole but for an empty first cell (a column of row names).
std::vector<double> wholeNumbersOf(const Look& look, std::size_t r) {
    std::vector<double> numbers;
    for (std::size_t c = 0; c < look.row(r).size(); ++c) {
        double value = 0;
        const FieldKind kind = look.kind(r, c, value);
        if (kind == FieldKind::Missing && c == 0)
            continue;
        if (kind != FieldKind::Number || value != std::nearbyint(value) ||
            look.row(r)[c].find('.') != std::string_view::npos)
            return {};
        numbers.push_back(value);
    }
    return numbers;
}

bool goUpByOne(const std::vector<double>& numbers) {
    for (std::size_t i = 1; i < numbers.size(); ++i)
        if (numbers[i] != numbers[i - 1] + 1)
            return false;
    return !numbers.empty();
}

/// Columns that have a fraction somewhere below row `r`.
std::size_t fractionalBelow(const Look& look, std::size_t r) {
    std::size_t count = 0;
    for (std::size_t c = 0; c < look.row(r).size(); ++c)
        for (std::size_t below = r + 1; below < look.size(); ++below) {
            double value = 0;
            if (c < look.row(below).size() && look.kind(below, c, value) == FieldKind::Number &&
                value != std::nearbyint(value)) {
                ++count;
                break;
            }
        }
    return count;
}

/// A header of numbers: 0, 1, 2, ... as pandas writes it, 1, 2, 3, ..., or years, above rows that are unlike
/// it.
bool isHeaderOfNumbers(const Look& look, std::size_t r) {
    const auto numbers = wholeNumbersOf(look, r);
    if (numbers.size() < 2 || look.size() < r + 3)
        return false;
    for (std::size_t below = r + 1; below < look.size(); ++below)
        if (goUpByOne(wholeNumbersOf(look, below)))
            return false;
    const bool fractions = 2 * fractionalBelow(look, r) >= look.row(r).size();
    const bool unnamedFirst = numbers.size() + 1 == look.row(r).size();
    if (goUpByOne(numbers)) {
        constexpr std::size_t kLong = 3, kVeryLong = 16;
        if (numbers.front() == 0)
            return fractions || unnamedFirst || numbers.size() >= kLong;
        if (numbers.front() == 1)
            return (fractions && numbers.size() > 2) || unnamedFirst || numbers.size() >= kVeryLong;
    }
    constexpr double kFirstYear = 1700, kLastYear = 2200;
    const auto isYear = [](double number) { return number >= kFirstYear && number <= kLastYear; };
    const auto years = [&](const std::vector<double>& row) {
        return !row.empty() && std::ranges::all_of(row, isYear) &&
               std::ranges::adjacent_find(row, std::greater_equal<>()) == row.end();
    };
    if (!years(numbers))
        return false;
    for (std::size_t below = r + 1; below < look.size(); ++below)
        for (std::size_t c = unnamedFirst ? 1 : 0; c < look.row(below).size(); ++c) {
            double value = 0;
            if (look.kind(below, c, value) == FieldKind::Number && isYear(value) &&
                value == std::nearbyint(value))
                return false;
        }
    return true;
}

/// A header over texts alone: none of its cells comes again in its column, where most columns' cells do.
bool isHeaderOfTexts(const Look& look, std::size_t r) {
    constexpr std::size_t kFewestRows = 4;
    if (look.size() < r + kFewestRows)
        return false;
    std::size_t recurring = 0;
    std::set<std::string_view> names;
    for (std::size_t c = 0; c < look.row(r).size(); ++c) {
        if (!look.isText(r, c) || !names.insert(look.row(r)[c]).second)
            return false;
        std::set<std::string_view> below;
        std::size_t cells = 0;
        for (std::size_t row = r + 1; row < look.size(); ++row) {
            if (c >= look.row(row).size())
                continue;
            below.insert(look.row(row)[c]);
            ++cells;
        }
        if (below.contains(look.row(r)[c]))
            return false;
        recurring += 2 * below.size() <= cells ? 1U : 0U;
    }
    return 2 * recurring >= look.row(r).size();
}

bool headerChosen(const std::string& option, const Look& look, std::size_t r) {
    if (option == "auto")
        return hasTextAboveNumbers(look, r) || isHeaderOfNumbers(look, r) || isHeaderOfTexts(look, r);
    if (option == "yes" || option == "no")
        return option == "yes";
    throw InputError("header: " + inQuotes(option) + " is unknown; choose one of auto, yes, no");
}

/// A line of texts alone under the header, where the columns are numbers: "m/s, kg, -".
bool isUnitsLine(const Look& look, std::size_t r) {
    if (look.size() < r + 3)
        return false;
    bool numbersBelow = false;
    for (std::size_t c = 0; c < look.row(r).size(); ++c) {
        const FieldKind kind = look.kind(r, c);
        if (kind == FieldKind::Number)
            return false;
        std::size_t numbers = 0;
        for (std::size_t below = r + 1; below < look.size(); ++below)
            numbers += c < look.row(below).size() && look.kind(below, c) == FieldKind::Number ? 1U : 0U;
        if (kind == FieldKind::Text && 2 * numbers < look.size() - r - 1)
            return false;
        numbersBelow = numbersBelow || kind == FieldKind::Text;
    }
    return numbersBelow;
}

/// Whether the rows' first column looks like row names: each of another text, or numbers that count.
bool areRowNames(const Look& look, std::size_t r) {
    std::set<std::string_view> names;
    bool texts = true;
    bool counting = true;
    double last = 0;
    for (std::size_t below = r; below < look.size(); ++below) {
        double value = 0;
        texts = texts && look.isText(below, 0) && names.insert(look.row(below)[0]).second;
        counting = counting && look.kind(below, 0, value) == FieldKind::Number &&
                   (below == r ? value <= 1 && value >= 0 : value == last + 1);
        last = value;
    }
    return look.size() > r + 1 && (texts || counting);
}

bool isLastColumnEmpty(const Look& look, std::size_t r) {
    for (std::size_t below = r; below < look.size(); ++below)
        if (!look.row(below).back().empty())
            return false;
    return look.size() > r;
}

std::string namesIn(const Fields& fields, std::size_t at) {
    return withoutDoubledQuotes(fields[at]);
}

/// Names are told apart, and every column has one.
void finishNames(CsvLayout& layout, bool latin1) {
    std::set<std::string> taken;
    for (std::size_t c = 0; c < layout.names.size(); ++c) {
        std::string name = asUtf8(layout.names[c], latin1);
        std::ranges::replace(name, '\n', ' ');
        std::ranges::replace(name, '\r', ' ');
        const std::string first = name;
        for (int copy = 2; !name.empty() && !taken.insert(name).second; ++copy)
            name = first + "." + std::to_string(copy);
        if (name != first)
            layout.notes.push_back("the name " + inQuotes(first) + " occurs twice: column " +
                                   std::to_string(c + 1) + " is called " + inQuotes(name));
        layout.names[c] = std::move(name);
    }
}

std::string linesText(const Head& head, std::size_t first, std::size_t last) {
    const auto begin = head.lines[first].number;
    const auto end = head.lines[last - 1].number;
    return begin == end ? "line " + std::to_string(begin)
                        : "lines " + std::to_string(begin) + " to " + std::to_string(end);
}

/// Finds what stands in front of the first row, line by line.
class TopOfFile {
  public:
    TopOfFile(const Head& head, const OpenRequest& request) : head_(head), request_(request) {}

    CsvLayout find() {
        while (at_ < head_.lines.size() && isComment(head_.lines[at_].text))
            ++at_;
        if (at_ == head_.lines.size())
            throw InputError(head_.file.string() +
                             ": holds no rows, only comments; a data file has one row a line");
        Lines lines;
        for (std::size_t i = at_; i < head_.lines.size(); ++i)
            if (!isComment(head_.lines[i].text)) {
                lines.emplace_back(head_.lines[i].text);
                places_.push_back(i);
            }
        requireRoom(lines);
        marks_ = findMarks(lines, request_.options.delimiter, request_.options.decimal);
        layout_.delimiter = marks_.delimiter.character;
        layout_.delimiterName = marks_.delimiter.name;
        layout_.decimal = marks_.decimal;
        const Look look(lines, marks_);
        const std::size_t preamble = skipPreamble(look);
        takeHeader(look, preamble);
        requireMemory(head_.file, static_cast<double>(layout_.columns) * kBytesPerFeature,
                      request_.context.memoryLimitBytes);
        finishNames(layout_, readsLatin1(request_.options.encoding));
        const bool utf8 = std::ranges::all_of(head_.lines, [](const HeadLine& line) {
            return asUtf8(line.text, true) == asUtf8(line.text, false);
        });
        if (request_.options.encoding == "auto" && !utf8)
            layout_.notes.emplace_back("the file is not UTF-8: its texts are read as Latin-1 (--encoding)");
        return std::move(layout_);
    }

  private:
    void requireRoom(const Lines& lines) const {
        const auto longest = std::ranges::max(lines, {}, &std::string_view::size).size();
        requireMemory(head_.file, static_cast<double>(longest * sizeof(std::string_view)),
                      request_.context.memoryLimitBytes);
    }

    /// Titles and the like: lines at the top with half the columns of the others or fewer.
    std::size_t skipPreamble(const Look& look) {
        const std::size_t usual = look.usualColumns();
        std::size_t count = 0;
        while (usual > 1 && count + 1 < look.size() && look.row(count).size() != usual &&
               2 * look.row(count).size() <= usual)
            ++count;
        if (count > 0 && look.row(count).size() != usual && look.row(count).size() + 1 != usual)
            count = 0;
        if (count > 0)
            layout_.notes.push_back(linesText(head_, places_[0], places_[count - 1] + 1) +
                                    " at the top left out: fewer columns than the rows have");
        return count;
    }

    /// @param r the look's row that may be the header
    void takeHeader(const Look& look, std::size_t r) {
        const bool header = headerChosen(request_.options.header, look, r);
        std::size_t rows = header ? r + 1 : r; // the first row's place in the look
        if (header) {
            for (std::size_t c = 0; c < look.row(r).size(); ++c)
                layout_.names.push_back(namesIn(look.row(r), c));
            if (rows < look.size() && isUnitsLine(look, rows) && request_.options.header == "auto") {
                layout_.notes.push_back(linesText(head_, places_[rows], places_[rows] + 1) +
                                        " left out: units, not numbers");
                ++rows;
            }
            if (rows == look.size())
                throw InputError(head_.file.string() +
                                 ": has a header and no rows; a data file has one row a line");
            matchRowNames(look, rows);
        } else if (request_.options.header == "auto" && at_ > 0 && r == 0) {
            takeCommentHeader(look.row(0).size());
        }
        layout_.columns = layout_.header() ? layout_.names.size() : look.row(rows).size();
        layout_.headLines = places_[rows];
    }

    /// A header with one name too few, as R writes it: the first column has none.
    void matchRowNames(const Look& look, std::size_t rows) {
        const std::size_t usual = look.usualColumns();
        if (usual != layout_.names.size() + 1)
            return;
        if (isLastColumnEmpty(look, rows)) {
            layout_.names.emplace_back();
            layout_.notes.emplace_back("each row ends with a delimiter: the empty last column is left out");
        } else if (areRowNames(look, rows)) {
            layout_.names.insert(layout_.names.begin(), std::string());
            layout_.notes.emplace_back(
                "the header has one name fewer than the rows have columns: the first column is row names");
        }
    }

    /// "# y,a,b" above the rows, as numpy.savetxt writes it.
    void takeCommentHeader(std::size_t columns) {
        std::string_view line = trimmed(head_.lines[at_ - 1].text);
        line.remove_prefix(std::min(line.find_first_not_of("#% "), line.size()));
        Fields fields;
        splitFields(line, layout_.delimiter, fields);
        double value = 0;
        const bool texts = std::ranges::any_of(
            fields, [&](auto field) { return parseField(field, value) == FieldKind::Text; });
        if (fields.size() != columns || columns < 2 || !texts)
            return;
        for (std::size_t c = 0; c < fields.size(); ++c)
            layout_.names.push_back(namesIn(fields, c));
        layout_.notes.push_back(linesText(head_, at_ - 1, at_) + " names the columns, behind a comment mark");
    }

    const Head& head_;
    const OpenRequest& request_;
    CsvLayout layout_;
    TableMarks marks_{};
    std::size_t at_ = 0;              ///< of the head's lines, the first that is no comment
    std::vector<std::size_t> places_; ///< in the head, of the lines that are no comments
};

} // namespace

CsvLayout findLayout(const Head& head, const OpenRequest& request) {
    return TopOfFile(head, request).find();
}

} // namespace zipml
