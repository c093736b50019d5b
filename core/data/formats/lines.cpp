#include "core/data/formats/lines.h"

#include "core/data/number.h"

namespace zipml {
namespace {

// Enough to see what a table is like; a file sorted by class shows its second class only some way down.
constexpr std::size_t kHeadLines = 1000;
constexpr std::size_t kHeadBytes = 4'000'000;
constexpr std::size_t kReportBytes = 1 << 18;

} // namespace

Lines::Lines(const std::filesystem::path& file, std::size_t skip, const Job& job)
    : file_(file), job_(job), reader_(file) {
    for (std::size_t i = 0; i < skip && reader_.next(); ++i)
        job_.checkpoint();
    std::size_t bytes = 0;
    while (head_.size() < 2 || (head_.size() < kHeadLines && bytes < kHeadBytes)) {
        const auto line = read();
        if (!line)
            break;
        head_.emplace_back(*line);
        headNumbers_.push_back(reader_.lineNumber());
        bytes += line->size();
    }
    if (head_.empty())
        throw InputError(file.string() + ": holds no rows" + (skip > 0 ? " behind the skipped lines" : "") +
                         "; a data file has one row a line");
}

std::optional<std::string_view> Lines::read() {
    while (const auto line = reader_.next()) {
        unreported_ += line->size() + 1;
        if (unreported_ >= kReportBytes) {
            unreported_ = 0;
            job_.report(reader_.share(), "reading rows");
            job_.checkpoint();
        }
        if (!trimmed(*line).empty())
            return line;
    }
    return std::nullopt;
}

std::optional<std::string_view> Lines::next() {
    if (head_.empty()) {
        const auto line = read();
        number_ = reader_.lineNumber();
        return line;
    }
    current_ = std::move(head_.front());
    number_ = headNumbers_.front();
    head_.pop_front();
    headNumbers_.pop_front();
    return current_;
}

void Lines::fail(const std::string& message, std::size_t column) const {
    throw InputError(file_.string() + ":" + std::to_string(number_) + ": " +
                     (column > 0 ? "column " + std::to_string(column) + ": " : "") + message);
}

} // namespace zipml
