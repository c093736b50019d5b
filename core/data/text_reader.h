#pragma once
/// The text of a file in blocks of whole lines; plain or compressed (gz, bz2, xz, zst).

#include "core/data/byte_reader.h"
#include "core/data/formats/raw_block.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace zipml {

class TextReader {
  public:
    /// @throws InputError for a missing file, a directory, an unreadable or an empty file.
    explicit TextReader(const std::filesystem::path& file);

    /// The line `ahead` bytes in front, with its end, read and not taken; none at the end of the text. Valid
    /// until the next call.
    std::optional<std::string_view> peekLine(std::size_t ahead);
    /// What was read and not taken.
    [[nodiscard]] std::string_view untaken() const { return std::string_view(buffer_).substr(begin_); }
    /// Takes what was read.
    void skip(std::size_t bytes) { begin_ += bytes; }
    /// Takes whole lines of `bytes` together, or one line that is longer. False at the end of the text.
    /// @param quoted a line end within double quotes ends no line
    bool takeLines(std::size_t bytes, bool quoted, RawBlock& block);
    /// @throws InputError when the text ended before the file did: damaged compression, an overlong line.
    /// @param line that the text ended behind
    void checkEnd(std::size_t line) const;

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    /// Bytes of text taken.
    [[nodiscard]] std::size_t offset() const { return dropped_ + begin_; }
    [[nodiscard]] std::string compression() const { return bytes_->compression(); }

  private:
    void fill();
    [[nodiscard]] std::size_t endOfLines(std::size_t bytes, bool quoted) const;

    std::filesystem::path file_;
    std::unique_ptr<ByteReader> bytes_;
    std::string buffer_;
    std::size_t begin_ = 0;   ///< of the buffer's part that is not taken
    std::size_t dropped_ = 0; ///< bytes taken and no longer in the buffer
    bool ended_ = false;
    bool longLine_ = false;
};

/// The first byte that does not belong in a text, or none.
std::optional<unsigned char> findJunk(std::string_view text);
/// "is not a text file (it has a byte 0x00); ..."
std::string describeJunk(unsigned char junk);

/// Where the line at the front of `text` ends, behind its line feed; a line end within double quotes ends
/// none, unless the quotes are not closed within 64 KB: then they are none.
std::size_t endOfQuotedLine(std::string_view text);

/// A line's content: without LF or CRLF.
std::string_view withoutLineEnd(std::string_view line);

} // namespace zipml
