#include "core/data/formats/format.h"

#include "core/data/number.h"

namespace zipml {

std::span<const Format> formats() {
    static const Format all[] = {kLibsvmFormat, kCsvFormat};
    return all;
}

Lines::Lines(const std::filesystem::path& file, std::size_t skip) : file_(file), reader_(file) {
    constexpr std::size_t kHeadLines = 64;
    for (std::size_t i = 0; i < skip; ++i)
        if (!reader_.next())
            break;
    while (head_.size() < kHeadLines) {
        const auto line = reader_.next();
        if (!line)
            break;
        if (trimmed(*line).empty())
            continue;
        head_.emplace_back(*line);
        headNumbers_.push_back(reader_.lineNumber());
    }
    if (head_.empty())
        throw InputError(file.string() + ": holds no rows" + (skip > 0 ? " behind the skipped lines" : "") +
                         "; a data file has one row a line");
}

std::optional<std::string_view> Lines::next() {
    if (!head_.empty()) {
        current_ = std::move(head_.front());
        number_ = headNumbers_.front();
        head_.pop_front();
        headNumbers_.pop_front();
        return current_;
    }
    while (const auto line = reader_.next()) {
        number_ = reader_.lineNumber();
        if (!trimmed(*line).empty())
            return line;
    }
    return std::nullopt;
}

void Lines::fail(const std::string& message, std::size_t column) const {
    throw InputError(file_.string() + ":" + std::to_string(number_) + ": " +
                     (column > 0 ? "column " + std::to_string(column) + ": " : "") + message);
}

} // namespace zipml
