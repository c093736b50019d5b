#include "core/data/formats/head.h"

#include "core/base/error.h"
#include "core/data/number.h"

namespace zipml {
namespace {

// Enough to see what a table is like; a file sorted by class shows its second class only some way down.
constexpr std::size_t kHeadLines = 1000;
constexpr std::size_t kHeadBytes = 4'000'000;

void requireText(const TextReader& reader, std::string_view text) {
    if (const auto junk = findJunk(text))
        throw InputError(reader.file().string() + ": " + describeJunk(*junk));
}

} // namespace

Head readHead(TextReader& reader, std::size_t skip, const Job& job) {
    Head head;
    head.file = reader.file();
    for (; head.linesSkipped < skip; ++head.linesSkipped) {
        job.checkpoint();
        const auto line = reader.peekLine(0);
        if (!line)
            break;
        requireText(reader, *line);
        reader.skip(line->size());
    }
    std::size_t ahead = 0;
    std::size_t number = head.linesSkipped;
    std::size_t bytes = 0;
    bool ended = false;
    while (head.lines.size() < 2 || (head.lines.size() < kHeadLines && bytes < kHeadBytes)) {
        job.checkpoint();
        const auto line = reader.peekLine(ahead);
        ended = !line;
        if (ended)
            break;
        ++number;
        const auto content = withoutLineEnd(*line);
        if (!trimmed(content).empty()) {
            if (head.lines.size() == 1)
                head.secondLineBegin = reader.offset() + ahead;
            head.lines.emplace_back(content);
            bytes += content.size();
        }
        ahead += line->size();
        if (head.lines.size() == 1 && head.firstLine == 0) {
            head.firstLine = number;
            head.firstLineEnd = reader.offset() + ahead;
        }
    }
    requireText(reader, reader.untaken());
    if (ended)
        reader.checkEnd(number);
    if (head.lines.empty())
        throw InputError(reader.file().string() + ": holds no rows" +
                         (skip > 0 ? " behind the skipped lines" : "") + "; a data file has one row a line");
    return head;
}

} // namespace zipml
