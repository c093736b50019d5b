#include "core/data/formats/head.h"

#include "core/base/error.h"
#include "core/data/number.h"

#include <algorithm>

namespace zipml {
namespace {

// Enough to see what a table is like.
constexpr std::size_t kHeadLines = 1000;
constexpr std::size_t kHeadBytes = 4'000'000;

void requireText(const TextReader& reader, std::string_view text) {
    if (const auto junk = findJunk(text))
        throw InputError(reader.file().string() + ": " + describeJunk(*junk));
}

/// The line `ahead` bytes in front, with the line ends that its quotes hold.
std::string_view peekRecord(TextReader& reader, std::size_t ahead) {
    const auto line = reader.peekLine(ahead);
    if (!line || std::ranges::count(*line, '"') % 2 == 0)
        return line.value_or(std::string_view());
    for (std::size_t end = ahead + line->size(); end - ahead < (1U << 16U);) { // until the quotes may close
        const auto more = reader.peekLine(end);
        if (!more)
            break;
        end += more->size();
    }
    const auto text = reader.untaken().substr(ahead);
    return text.substr(0, endOfQuotedLine(text));
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
    std::size_t bytes = 0, blank = 0;
    while (head.lines.size() < 2 || (head.lines.size() < kHeadLines && bytes < kHeadBytes)) {
        job.checkpoint();
        const auto line = peekRecord(reader, ahead);
        head.whole = line.empty();
        if (head.whole)
            break;
        const auto content = withoutLineEnd(line);
        if (!trimmed(content).empty()) {
            head.lines.push_back({std::string(content), number + 1, reader.offset() + ahead,
                                  reader.offset() + ahead + line.size()});
            bytes += content.size();
        } else if ((blank += line.size()) > kHeadBytes) { // all of it is in memory until there are rows
            if (head.lines.size() > 1)
                break;
            throw InputError(
                reader.file().string() + ":" + std::to_string(number + 1) +
                ": more than 4 MB of empty lines " +
                (head.lines.empty() ? "stand in front of the first row" : "follow the first row") +
                "; a data file has one row a line");
        }
        number += static_cast<std::size_t>(std::ranges::count(line, '\n'));
        ahead += line.size();
    }
    requireText(reader, reader.untaken());
    if (head.whole)
        reader.checkEnd(number);
    if (head.lines.empty())
        throw InputError(reader.file().string() + ": holds no rows" +
                         (skip > 0 ? " behind the skipped lines" : "") + "; a data file has one row a line");
    return head;
}

} // namespace zipml
