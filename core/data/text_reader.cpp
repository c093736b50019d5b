#include "core/data/text_reader.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace zipml {
namespace {

constexpr std::size_t kReadBytes = 1 << 18;
/// A row of ten million numbers. A longer line is no row, and packed it could be a small file that fills the
/// memory.
constexpr std::size_t kLongestLine = 100'000'000;
constexpr std::size_t kLongestQuoted = 1 << 16; ///< line ends within quotes included

bool isText(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

} // namespace

TextReader::TextReader(const std::filesystem::path& file) : file_(file), bytes_(ByteReader::open(file)) {
    fill();
    if (buffer_.starts_with("\xEF\xBB\xBF"))
        skip(3);
}

void TextReader::checkEnd(std::size_t line) const {
    if (longLine_)
        throw InputError(file_.string() + ":" + std::to_string(line + 1) +
                         ": the line is longer than 100 MB; every row stands on a line of its own");
    if (!bytes_->fault().empty())
        failDamaged(file_, bytes_->fault(), " after line " + std::to_string(line));
}

/// Reads on, unless the text has ended.
void TextReader::fill() {
    buffer_.erase(0, begin_);
    dropped_ += begin_;
    begin_ = 0;
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kReadBytes);
    const std::size_t count = bytes_->read(buffer_.data() + size, kReadBytes);
    buffer_.resize(size + count);
    ended_ = count == 0 || !bytes_->fault().empty();
}

std::optional<std::string_view> TextReader::peekLine(std::size_t ahead) {
    std::size_t searched = ahead;
    while (true) {
        const auto end = untaken().find('\n', searched);
        if (end != std::string_view::npos)
            return untaken().substr(ahead, end + 1 - ahead);
        searched = untaken().size();
        if (!ended_ && searched - ahead > kLongestLine) {
            longLine_ = true;
            ended_ = true;
        }
        if (ended_)
            break;
        fill();
    }
    if (longLine_ || !bytes_->fault().empty() || ahead == untaken().size())
        return std::nullopt; // what is left of a damaged file's last line is no row
    return untaken().substr(ahead);
}

std::size_t TextReader::endOfLines(std::size_t bytes, bool quoted) const {
    const auto text = untaken().substr(0, bytes);
    const auto last = text.rfind('\n');
    if (last == std::string_view::npos)
        return 0;
    if (!quoted || text.find('"') == std::string_view::npos)
        return last + 1;
    std::size_t end = 0; // quotes may hide line ends: line by line
    while (end <= last) {
        const std::size_t line = endOfQuotedLine(untaken().substr(end));
        if (end > 0 && end + line > text.size())
            break;
        end += line;
    }
    return end;
}

bool TextReader::takeLines(std::size_t bytes, bool quoted, RawBlock& block) {
    // Quotes that are open at the block's end may close behind it.
    while (untaken().size() < bytes + (quoted ? kLongestQuoted : 0) && !ended_)
        fill();
    std::size_t end = endOfLines(bytes, quoted);
    if (end == 0) {
        const auto line = peekLine(0);
        if (!line)
            return false;
        end = quoted ? std::max(line->size(), endOfQuotedLine(untaken())) : line->size();
    }
    block.bytes.assign(buffer_, begin_, end);
    block.offset = offset();
    block.rows = 0;
    block.share = bytes_->share();
    skip(end);
    return true;
}

std::optional<unsigned char> findJunk(std::string_view text) {
    const auto junk = std::ranges::find_if_not(text, isText);
    if (junk == text.end())
        return std::nullopt;
    return static_cast<unsigned char>(*junk);
}

std::string describeJunk(unsigned char junk) {
    std::array<char, 8> shown{};
    std::snprintf(shown.data(), shown.size(), "0x%02X", static_cast<unsigned>(junk));
    return std::string("is not a text file (it has a byte ") + shown.data() +
           "); LIBSVM or CSV text was expected, plain or packed with gzip, bzip2, xz or zstd";
}

std::size_t endOfQuotedLine(std::string_view text) {
    const auto plain = std::min(text.find('\n'), text.size() - 1) + 1;
    if (std::ranges::count(text.substr(0, plain), '"') % 2 == 0)
        return plain;
    const auto within = text.substr(0, kLongestQuoted);
    bool open = false;
    for (std::size_t at = 0; at < within.size(); ++at) {
        open = open != (within[at] == '"');
        if (within[at] == '\n' && !open)
            return at + 1;
    }
    return within.size() == text.size() && !open ? text.size() : plain;
}

std::string_view withoutLineEnd(std::string_view line) {
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace zipml
