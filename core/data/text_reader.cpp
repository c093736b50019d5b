#include "core/data/text_reader.h"

#include "core/base/error.h"

#include <archive.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace zipml {
namespace {

constexpr std::size_t kReadBytes = 1 << 18;
/// A row of ten million numbers. A longer line is no row, and packed it could be a small file that fills the
/// memory.
constexpr std::size_t kLongestLine = 100'000'000;

bool isText(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

} // namespace

TextReader::TextReader(const std::filesystem::path& file) : file_(file) {
    checkReadable(file);
    std::error_code code;
    if (std::filesystem::is_regular_file(file, code))
        fileBytes_ = static_cast<double>(std::filesystem::file_size(file, code));
    archive_ = openArchive(file);
    gzip_ = compression() == "gzip";
    fill();
    if (buffer_.starts_with("\xEF\xBB\xBF"))
        skip(3);
}

void TextReader::checkEnd(std::size_t line) const {
    switch (fault_) {
    case Fault::None:
        return;
    case Fault::Damaged:
        failDamaged(file_, archive_.get(), " after line " + std::to_string(line));
    case Fault::WrongChecksum:
        throw InputError(file_.string() + ": is damaged: its checksum is wrong; get or pack the file again");
    case Fault::LongLine:
        throw InputError(file_.string() + ":" + std::to_string(line + 1) +
                         ": the line is longer than 100 MB; every row stands on a line of its own");
    }
}

bool TextReader::checksumAgrees() const {
    return !gzip_ ||
           gzipCheck_.agrees(file_, static_cast<std::uint64_t>(archive_filter_bytes(archive_.get(), -1)));
}

/// Reads on, unless the text has ended.
void TextReader::fill() {
    buffer_.erase(0, begin_);
    dropped_ += begin_;
    begin_ = 0;
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kReadBytes);
    const auto bytes = archive_read_data(archive_.get(), buffer_.data() + size, kReadBytes);
    buffer_.resize(size + static_cast<std::size_t>(std::max<la_ssize_t>(bytes, 0)));
    if (bytes < 0)
        fault_ = Fault::Damaged;
    else if (gzip_)
        gzipCheck_.add(std::string_view(buffer_).substr(size));
    if (bytes == 0 && !checksumAgrees())
        fault_ = Fault::WrongChecksum;
    ended_ = bytes <= 0;
}

std::optional<std::string_view> TextReader::peekLine(std::size_t ahead) {
    std::size_t searched = ahead;
    while (true) {
        const auto end = untaken().find('\n', searched);
        if (end != std::string_view::npos)
            return untaken().substr(ahead, end + 1 - ahead);
        searched = untaken().size();
        if (!ended_ && searched - ahead > kLongestLine) {
            fault_ = Fault::LongLine;
            ended_ = true;
        }
        if (ended_)
            break;
        fill();
    }
    if (fault_ != Fault::None || ahead == untaken().size())
        return std::nullopt; // what is left of a damaged file's last line is no row
    return untaken().substr(ahead);
}

bool TextReader::takeLines(std::size_t bytes, TextBlock& block) {
    while (untaken().size() < bytes && !ended_)
        fill();
    auto end = untaken().substr(0, bytes).rfind('\n');
    if (end != std::string_view::npos) {
        ++end;
    } else {
        const auto line = peekLine(0);
        if (!line)
            return false;
        end = line->size();
    }
    block.text.assign(buffer_, begin_, end);
    block.offset = offset();
    block.share = share();
    skip(end);
    return true;
}

std::string TextReader::compression() const {
    return compressionOf(archive_.get());
}

double TextReader::share() const {
    return std::min(1.0, static_cast<double>(archive_filter_bytes(archive_.get(), -1)) / fileBytes_);
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

std::string_view withoutLineEnd(std::string_view line) {
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace zipml
