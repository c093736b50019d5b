#include "core/data/formats/row_parser.h"

#include "core/data/number.h"

#include <algorithm>
#include <cstring>

namespace zipml {

void ParsedRows::clear() {
    labels.clear();
    values.clear();
    entries.clear();
    ends.clear();
    width = 0;
    missing.clear();
    lines = 0;
    bad.reset();
}

void RowParser::fail(std::string text, std::size_t column) {
    throw BadLine{0, (column > 0 ? "column " + std::to_string(column) + ": " : "") + std::move(text)};
}

void RowParser::parse(const TextBlock& block, ParsedRows& rows) const {
    rows.clear();
    const char* const begin = block.text.data();
    const char* const end = begin + block.text.size();
    if (sparse()) // they are often kept, and then without spare room
        rows.entries.reserve(static_cast<std::size_t>(std::count(begin, end, ':')));
    for (const char* at = begin; at != end;) {
        ++rows.lines;
        const char* stop = addPlainRow(at, end, rows);
        if (stop != nullptr) { // at a line end
            stop += stop != end && *stop == '\r' ? 1 : 0;
            at = stop == end ? end : stop + 1;
            continue;
        }
        const auto* newline =
            static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
        stop = newline == nullptr ? end : newline + 1;
        const auto line = withoutLineEnd({at, stop});
        // Nothing that is no text makes a plain row, so this is the place to look for it.
        if (const auto junk = findJunk(line)) {
            rows.bad = BadLine{0, describeJunk(*junk)};
            return;
        }
        try {
            if (!trimmed(line).empty())
                addRow(line, block.offset + static_cast<std::size_t>(at - begin), rows);
        } catch (BadLine& bad) {
            rows.bad = BadLine{rows.lines, std::move(bad.text)};
            return;
        }
        at = stop;
    }
}

} // namespace zipml
