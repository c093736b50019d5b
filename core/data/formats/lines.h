#pragma once
/// What a format's parser reads: the lines of a file that hold something, with the first ones in advance.

#include "core/data/text_reader.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace zipml {

class Lines {
  public:
    /// @param skip lines at the top to pass over
    /// @throws InputError as TextReader, and when no line is left that holds anything.
    Lines(const std::filesystem::path& file, std::size_t skip, const Job& job);

    /// The first lines (up to a thousand, less if long), as long as none was taken.
    [[nodiscard]] const std::deque<std::string>& head() const { return head_; }
    /// The next line that is not blank, valid until the next call. Reports progress.
    /// @throws Cancelled when stopped.
    std::optional<std::string_view> next();
    /// @throws InputError "FILE:LINE: message" or "FILE:LINE: column N: message" about the line that next()
    /// gave last.
    [[noreturn]] void fail(const std::string& message, std::size_t column = 0) const;
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] std::string compression() const { return reader_.compression(); }
    [[nodiscard]] double share() const { return reader_.share(); }

  private:
    std::optional<std::string_view> read();

    std::filesystem::path file_;
    const Job& job_;
    TextReader reader_;
    std::deque<std::string> head_;
    std::deque<std::size_t> headNumbers_;
    std::string current_;
    std::size_t number_ = 0;
    std::size_t unreported_ = 0; ///< bytes of text since the last report
};

} // namespace zipml
