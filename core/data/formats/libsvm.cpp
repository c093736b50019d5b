// LIBSVM text: "label index:value index:value ...", indices from 1 and increasing, absent ones 0.

#include "core/data/formats/format.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"

#include <algorithm>
#include <charconv>

namespace zipml {
namespace {

/// Takes the next word, empty at the end.
std::string_view takeWord(std::string_view& rest) {
    const auto begin = rest.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return rest = {};
    const auto end = std::min(rest.find_first_of(" \t", begin), rest.size());
    const auto word = rest.substr(begin, end - begin);
    rest.remove_prefix(end);
    return word;
}

/// A row's entries until the width is known and they are spread out.
struct SparseRows {
    std::vector<std::uint32_t> columns; ///< from 0
    std::vector<float> values;
    std::vector<std::size_t> ends; ///< of each row in the two above
    std::size_t width = 0;
};

float parseValue(const Lines& lines, std::string_view text, std::size_t column) {
    float value = 0;
    const FieldKind kind = parseField(text, value);
    if (kind != FieldKind::Number)
        lines.fail(describeField(kind, text), column);
    return value;
}

void parseRow(const Lines& lines, std::string_view rest, SparseRows& rows, const LoadContext& context) {
    std::size_t last = 0;
    for (std::string_view word = takeWord(rest); !word.empty(); word = takeWord(rest)) {
        if (word.front() == '#')
            break;
        const auto colon = word.find(':');
        if (word.starts_with("qid:"))
            lines.fail("'qid:' belongs to ranking data, which is not supported; remove these entries");
        if (colon == std::string_view::npos)
            lines.fail(inQuotes(word) +
                       " is not an entry; LIBSVM rows are LABEL INDEX:VALUE INDEX:VALUE ...");
        std::size_t index = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + colon, index);
        if (error != std::errc{} || end != word.data() + colon)
            lines.fail(inQuotes(word.substr(0, colon)) +
                       " is not an index; indices are whole numbers from 1");
        if (index == 0)
            lines.fail("index 0 in " + inQuotes(word) + "; LIBSVM indices start from 1");
        if (index <= last)
            lines.fail("index " + std::to_string(index) + " comes after " + std::to_string(last) +
                       "; indices increase within a row");
        if (context.expectedFeatures > 0 && index > context.expectedFeatures)
            lines.fail("index " + std::to_string(index) + " is beyond the " +
                       std::to_string(context.expectedFeatures) + " features of the training data");
        if (index > 0xFFFFFFFFU)
            lines.fail("index " + std::to_string(index) + " is too large");
        last = index;
        rows.columns.push_back(static_cast<std::uint32_t>(index - 1));
        rows.values.push_back(parseValue(lines, word.substr(colon + 1), index));
    }
    rows.width = std::max(rows.width, last);
    rows.ends.push_back(rows.columns.size());
}

LoadedData parseLibsvm(Lines& lines, const ParseRequest& request) {
    LoadedData loaded;
    loaded.format = "libsvm";
    Dataset& data = loaded.data;
    SparseRows rows;
    while (const auto line = lines.next()) {
        if (rows.ends.size() % 1024 == 0) {
            request.job.checkpoint();
            request.job.report(lines.share(), "reading rows");
            requireMemory(lines.file(), static_cast<double>(rows.values.size()) * 8,
                          request.context.memoryLimitBytes);
        }
        std::string_view rest = *line;
        const auto label = takeWord(rest);
        if (label.front() == '#')
            continue;
        data.labels.push_back(parseValue(lines, label, 0));
        parseRow(lines, rest, rows, request.context);
    }
    data.rows = rows.ends.size();
    data.features = std::max(rows.width, request.context.expectedFeatures);
    if (data.features == 0)
        throw InputError(lines.file().string() + ": has labels only; LIBSVM rows are LABEL INDEX:VALUE ...");
    requireMemory(lines.file(), memoryFor(static_cast<double>(data.rows), static_cast<double>(data.features)),
                  request.context.memoryLimitBytes);
    data.values.resize(data.rows * data.features);
    std::size_t entry = 0;
    for (std::size_t r = 0; r < data.rows; ++r)
        for (; entry < rows.ends[r]; ++entry)
            data.values[r * data.features + rows.columns[entry]] = rows.values[entry];
    return loaded;
}

/// A first word that is a number and a second one with a colon behind digits.
bool sniffLibsvm(const std::deque<std::string>& head) {
    return std::ranges::any_of(head, [](std::string_view line) {
        float label = 0;
        const auto first = takeWord(line);
        const auto second = takeWord(line);
        const auto colon = second.find(':');
        return parseField(first, label) == FieldKind::Number && colon != std::string_view::npos &&
               colon > 0 && (second.starts_with("qid") || second.find_first_not_of("0123456789-") == colon);
    });
}

} // namespace

const Format kLibsvmFormat{"libsvm", sniffLibsvm, parseLibsvm};

} // namespace zipml
