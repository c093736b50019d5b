#include "core/data/formats/arff_row.h"

#include "core/data/formats/text_source.h"
#include "core/data/number.h"

#include <charconv>

namespace zipml {
namespace {

/// Takes a weight, {2.5}, from the row's end.
std::optional<double> takeWeight(std::string_view& line) {
    line = trimmed(line);
    const auto brace = line.ends_with('}') ? line.rfind('{') : std::string_view::npos;
    if (brace == std::string_view::npos || brace == 0)
        return std::nullopt;
    const auto front = trimmed(line.substr(0, brace));
    const auto text = trimmed(line.substr(brace + 1, line.size() - brace - 2));
    double weight = 0;
    if (!front.ends_with(','))
        return std::nullopt;
    if (parseField(text, weight) != FieldKind::Number || weight < 0)
        throw LineFault{"the instance weight " + inQuotes(text) + " is no number of 0 or more"};
    line = front.substr(0, front.size() - 1);
    return weight;
}

void splitDense(std::string_view rest, std::size_t attributes, std::string_view stops, ArffRow& row) {
    row.words.reserve(attributes);
    while (true) {
        const auto word = takeArffWord(rest, stops);
        if (!word)
            throw LineFault{"a quote is not closed, or something follows it, at value " +
                            std::to_string(row.words.size() + 1)};
        row.words.push_back(*word);
        if (rest.empty())
            break;
        rest.remove_prefix(1);
    }
    if (row.words.size() != attributes)
        throw LineFault{"has " + std::to_string(row.words.size()) + " values and there are " +
                        std::to_string(attributes) + " attributes; every row needs one for each"};
}

void splitSparse(std::string_view rest, std::size_t attributes, ArffRow& row) {
    row.words.resize(attributes);
    row.absent.assign(attributes, true);
    rest = trimmed(rest);
    if (rest == "}")
        return;
    while (true) {
        rest = trimmed(rest);
        std::size_t index = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), index);
        const auto digits = static_cast<std::size_t>(end - rest.data());
        if (error != std::errc{} || digits == rest.size() || (rest[digits] != ' ' && rest[digits] != '\t'))
            throw LineFault{inQuotes(rest) + " is no entry of a sparse row; entries are INDEX VALUE, as in "
                                             "{0 1.5, 3 'a b'}"};
        if (index >= attributes)
            throw LineFault{"has the index " + std::to_string(index) + " and there are " +
                            std::to_string(attributes) + " attributes, counted from 0"};
        if (!row.absent[index])
            throw LineFault{"index " + std::to_string(index) + " stands twice in the row; keep one"};
        rest.remove_prefix(digits);
        const auto word = takeArffWord(rest, ",}");
        if (!word || rest.empty())
            throw LineFault{"the sparse row is not closed with '}', or a quote in it is not"};
        row.absent[index] = false;
        row.words[index] = *word;
        const bool last = rest.front() == '}';
        rest.remove_prefix(1);
        if (last)
            break;
    }
    if (!trimmed(rest).empty())
        throw LineFault{inQuotes(trimmed(rest)) + " stands behind the row"};
}

} // namespace

ArffRow splitArffRow(std::string_view line, std::size_t attributes, std::string_view stops) {
    ArffRow row;
    row.weight = takeWeight(line);
    line = trimmed(line);
    if (line.starts_with('{'))
        splitSparse(line.substr(1), attributes, row);
    else
        splitDense(line, attributes, stops, row);
    return row;
}

} // namespace zipml
