#include "core/data/text_reader.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <unistd.h>

namespace zipml {
namespace {

constexpr std::size_t kBlockBytes = 1 << 18;
/// A row of ten million numbers. A longer line is no row, and packed it could be a small file that fills the
/// memory.
constexpr std::size_t kLongestLine = 100'000'000;

bool isText(unsigned char c) {
    return c >= 0x20 || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

} // namespace

void TextReader::Close::operator()(archive* reader) const {
    archive_read_free(reader);
}

TextReader::TextReader(const std::filesystem::path& file) : file_(file), archive_(archive_read_new()) {
    std::error_code code;
    if (!std::filesystem::exists(file, code))
        throw InputError(file.string() + ": no such file; check the path");
    if (std::filesystem::is_directory(file, code))
        throw InputError(file.string() + ": is a directory; name a data file in it");
    if (::access(file.c_str(), R_OK) != 0)
        throw InputError(file.string() + ": cannot be read; check its permissions");
    if (std::filesystem::is_regular_file(file, code)) {
        fileBytes_ = static_cast<double>(std::filesystem::file_size(file, code));
        if (fileBytes_ == 0)
            throw InputError(file.string() + ": the file is empty; a data file has one row a line");
    }
    // Not filter_all: it also takes uuencoded text and runs external programs on what looks like their files.
    archive_read_support_filter_gzip(archive_.get());
    archive_read_support_filter_bzip2(archive_.get());
    archive_read_support_filter_xz(archive_.get());
    archive_read_support_filter_zstd(archive_.get());
    archive_read_support_format_raw(archive_.get());
    archive_read_support_format_empty(archive_.get());
    archive_entry* entry = nullptr;
    // Opening already unpacks the first bytes.
    if (archive_read_open_filename(archive_.get(), file.c_str(), kBlockBytes) != ARCHIVE_OK)
        fail("is damaged or cut short");
    const int header = archive_read_next_header(archive_.get(), &entry);
    if (header == ARCHIVE_EOF)
        throw InputError(file.string() + ": the file is empty; a data file has one row a line");
    if (header != ARCHIVE_OK)
        fail("is damaged or cut short");
    gzip_ = compression() == "gzip";
    if (fill() && buffer_.starts_with("\xEF\xBB\xBF"))
        begin_ = 3;
}

void TextReader::fail(const std::string& what) const {
    const char* reason = archive_error_string(archive_.get());
    std::string text = reason == nullptr ? "unknown error" : reason;
    std::ranges::replace(text, '\n', ' ');
    throw InputError(file_.string() + ": " + what + ": " + text + "; get or pack the file again");
}

void TextReader::checkEnd() const {
    if (gzip_ &&
        !gzipCheck_.agrees(file_, static_cast<std::uint64_t>(archive_filter_bytes(archive_.get(), -1))))
        throw InputError(file_.string() + ": is damaged: its checksum is wrong; get or pack the file again");
}

void TextReader::checkText(std::size_t from) const {
    const auto junk = std::find_if_not(buffer_.begin() + static_cast<std::ptrdiff_t>(from), buffer_.end(),
                                       [](char c) { return isText(static_cast<unsigned char>(c)); });
    if (junk == buffer_.end())
        return;
    std::array<char, 8> shown{};
    std::snprintf(shown.data(), shown.size(), "0x%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(*junk)));
    throw InputError(file_.string() + ": is not a text file (it has a byte " + shown.data() +
                     "); LIBSVM or CSV text was expected, plain or packed with gzip, bzip2, xz or zstd");
}

bool TextReader::fill() {
    if (ended_)
        return false;
    buffer_.erase(0, begin_);
    begin_ = 0;
    const std::size_t size = buffer_.size();
    if (size > kLongestLine)
        throw InputError(file_.string() + ":" + std::to_string(lineNumber_ + 1) +
                         ": the line is longer than 100 MB; every row stands on a line of its own");
    buffer_.resize(size + kBlockBytes);
    const auto bytes = archive_read_data(archive_.get(), buffer_.data() + size, kBlockBytes);
    if (bytes < 0)
        fail("is damaged or cut short after line " + std::to_string(lineNumber_));
    buffer_.resize(size + static_cast<std::size_t>(bytes));
    ended_ = bytes == 0;
    checkText(size);
    if (gzip_)
        gzipCheck_.add(std::string_view(buffer_).substr(size));
    if (ended_)
        checkEnd();
    return !ended_;
}

std::optional<std::string_view> TextReader::next() {
    std::size_t searched = begin_;
    while (true) {
        const auto end = buffer_.find('\n', searched);
        if (end != std::string::npos || (ended_ && begin_ < buffer_.size())) {
            const std::size_t stop = std::min(end, buffer_.size());
            std::string_view line(buffer_.data() + begin_, stop - begin_);
            begin_ = std::min(stop + 1, buffer_.size());
            ++lineNumber_;
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            return line;
        }
        if (ended_)
            return std::nullopt;
        searched = buffer_.size() - begin_;
        fill();
    }
}

std::string TextReader::compression() const {
    const char* name =
        archive_filter_count(archive_.get()) > 1 ? archive_filter_name(archive_.get(), 0) : nullptr;
    return name == nullptr ? "none" : name;
}

double TextReader::share() const {
    return std::min(1.0, static_cast<double>(archive_filter_bytes(archive_.get(), -1)) / fileBytes_);
}

} // namespace zipml
