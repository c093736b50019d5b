#pragma once
/// The text of a file in blocks of whole lines; plain or compressed (gz, bz2, xz, zst), through libarchive.

#include "core/data/gzip_check.h"
#include "core/data/open_archive.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace zipml {

/// Some lines that follow one another.
struct TextBlock {
    std::string text;       ///< lines with their ends; only the file's last may lack it
    std::size_t offset = 0; ///< of the first byte in the file's unpacked text
    double share = 0;       ///< of the file's bytes read by then, 0 to 1
};

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
    bool takeLines(std::size_t bytes, TextBlock& block);
    /// @throws InputError when the text ended before the file did: damaged compression, an overlong line.
    /// @param line that the text ended behind
    void checkEnd(std::size_t line) const;

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    /// Bytes of text taken.
    [[nodiscard]] std::size_t offset() const { return dropped_ + begin_; }
    [[nodiscard]] std::string compression() const;

  private:
    enum class Fault { None, Damaged, WrongChecksum, LongLine };
    void fill();
    [[nodiscard]] bool checksumAgrees() const;
    [[nodiscard]] double share() const;

    std::filesystem::path file_;
    ArchivePointer archive_;
    GzipCheck gzipCheck_;
    bool gzip_ = false;
    double fileBytes_ = 1;
    std::string buffer_;
    std::size_t begin_ = 0;   ///< of the buffer's part that is not taken
    std::size_t dropped_ = 0; ///< bytes taken and no longer in the buffer
    bool ended_ = false;
    Fault fault_ = Fault::None;
};

/// The first byte that does not belong in a text, or none.
std::optional<unsigned char> findJunk(std::string_view text);
/// "is not a text file (it has a byte 0x00); ..."
std::string describeJunk(unsigned char junk);

/// A line's content: without LF or CRLF.
std::string_view withoutLineEnd(std::string_view line);

} // namespace zipml
