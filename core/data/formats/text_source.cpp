#include "core/data/formats/text_source.h"

#include "core/data/number.h"

#include <algorithm>
#include <cstring>

namespace zipml {

TextSource::TextSource(std::unique_ptr<TextReader> reader, Head head, bool quoted)
    : reader_(std::move(reader)), head_(std::move(head)), quoted_(quoted) {
    shape_.compression = reader_->compression();
    startBehind(0);
}

void TextSource::startBehind(std::size_t lines) {
    headLines_ = lines;
    if (lines == 0) {
        shape_.linesBefore = head_.linesSkipped;
        return;
    }
    const HeadLine& last = head_.lines[lines - 1];
    const auto within = static_cast<std::size_t>(std::ranges::count(last.text, '\n'));
    shape_.linesBefore = last.number + within;
    reader_->skip(last.end - reader_->offset());
}

bool TextSource::take(std::size_t bytes, RawBlock& block) {
    return reader_->takeLines(bytes, quoted_, block);
}

const char* TextSource::endOfLine(const char* line, const char* end) const {
    if (quoted_)
        return line + endOfQuotedLine({line, end});
    const auto* newline =
        static_cast<const char*>(std::memchr(line, '\n', static_cast<std::size_t>(end - line)));
    return newline == nullptr ? end : newline + 1;
}

void TextSource::parse(const RawBlock& block, const RowPlan& plan, ParsedRows& rows) const {
    rows.clear();
    const char* const begin = block.bytes.data();
    const char* const end = begin + block.bytes.size();
    if (shape_.sparse) // they are often kept, and then without spare room
        rows.entries.reserve(static_cast<std::size_t>(std::count(begin, end, ':')));
    for (const char* at = begin; at != end && !rows.bad;) {
        const char* stop = addPlainRow(at, end, plan, rows);
        if (stop != nullptr) { // at a line end
            ++rows.lines;
            stop += stop != end && *stop == '\r' ? 1 : 0;
            at = stop == end ? end : stop + 1;
            continue;
        }
        stop = endOfLine(at, end);
        const auto line = withoutLineEnd({at, stop});
        // Nothing that is no text makes a plain row, so this is the place to look for it.
        if (const auto junk = findJunk(line)) {
            rows.bad = BadLine{0, describeJunk(*junk)};
            break;
        }
        try {
            if (!trimmed(line).empty())
                addRow(line, block.offset + static_cast<std::size_t>(at - begin), plan, rows);
        } catch (LineFault& fault) {
            rows.bad = BadLine{rows.lines + 1, std::move(fault.text)};
        }
        rows.lines += std::max<std::size_t>(1, static_cast<std::size_t>(std::count(at, stop, '\n')));
        at = stop;
    }
    shape_.sparse ? rows.measureSparse() : rows.measure(plan.features);
}

void TextSource::surveyHead(const CellSyntax& syntax, TableSurvey& survey) const {
    constexpr std::size_t kCells = 200'000;
    const std::size_t rows = std::max<std::size_t>(20, kCells / std::max<std::size_t>(shape_.columns, 1));
    for (std::size_t i = headLines_; i < head_.lines.size() && survey.rows < rows; ++i) {
        const HeadLine& line = head_.lines[i];
        surveyRow(line.text, line.begin, syntax, survey);
        ++survey.lines;
    }
}

void TextSource::survey(const RawBlock& block, const CellSyntax& syntax, TableSurvey& survey) const {
    const char* const begin = block.bytes.data();
    const char* const end = begin + block.bytes.size();
    for (const char* at = begin; at != end && survey.bad.empty();) {
        const char* const stop = endOfLine(at, end);
        const auto line = withoutLineEnd({at, stop});
        if (const auto junk = findJunk(line))
            survey.bad = describeJunk(*junk);
        else if (!trimmed(line).empty())
            surveyRow(line, block.offset + static_cast<std::size_t>(at - begin), syntax, survey);
        survey.lines += std::max<std::size_t>(1, static_cast<std::size_t>(std::count(at, stop, '\n')));
        at = stop;
    }
}

} // namespace zipml
