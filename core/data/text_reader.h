#pragma once
/// Lines of a text file, plain or compressed (gz, bz2, xz, zst), through libarchive.

#include "core/base/job.h"
#include "core/data/gzip_check.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct archive;

namespace zipml {

class TextReader {
  public:
    /// @throws InputError for a missing file, a directory, an unreadable or an empty file.
    explicit TextReader(const std::filesystem::path& file);

    /// The next line without its end (LF or CRLF) and without a byte-order mark; valid until the next call.
    /// A last line needs no end.
    /// @throws InputError for damaged compression and for bytes that are not text.
    std::optional<std::string_view> next();
    /// Number of the line that next() gave last, from 1.
    [[nodiscard]] std::size_t lineNumber() const { return lineNumber_; }
    [[nodiscard]] std::string compression() const;
    /// Share of the file's bytes read, 0 to 1.
    [[nodiscard]] double share() const;

  private:
    struct Close {
        void operator()(archive* reader) const;
    };
    bool fill();
    void checkEnd() const;
    void checkText(std::size_t from) const;
    [[noreturn]] void fail(const std::string& what) const;

    std::filesystem::path file_;
    std::unique_ptr<archive, Close> archive_;
    GzipCheck gzipCheck_;
    bool gzip_ = false;
    double fileBytes_ = 1;
    std::string buffer_;
    std::size_t begin_ = 0; ///< of the unread part of the buffer
    std::size_t lineNumber_ = 0;
    bool ended_ = false;
};

} // namespace zipml
