#pragma once
/// A file format is one file in this folder and one line in registry.cpp.

#include "core/data/load.h"
#include "core/data/text_reader.h"

#include <deque>
#include <span>

namespace zipml {

/// The lines of a file that hold something, with the first ones readable in advance.
class Lines {
  public:
    Lines(const std::filesystem::path& file, std::size_t skip);

    /// The first lines (up to a few dozen), as long as none was taken.
    [[nodiscard]] const std::deque<std::string>& head() const { return head_; }
    /// The next line that is not blank. The view lasts until the next call.
    std::optional<std::string_view> next();
    /// "FILE:LINE: message" or "FILE:LINE: column N: message" about the line that next() gave last.
    [[noreturn]] void fail(const std::string& message, std::size_t column = 0) const;
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] std::string compression() const { return reader_.compression(); }
    [[nodiscard]] double share() const { return reader_.share(); }

  private:
    std::filesystem::path file_;
    TextReader reader_;
    std::deque<std::string> head_;
    std::deque<std::size_t> headNumbers_;
    std::string current_;
    std::size_t number_ = 0;
};

/// All that a parser is given.
struct ParseRequest {
    const LoadOptions& options;
    const LoadContext& context; ///< with memoryLimitBytes set
    const Job& job;
};

struct Format {
    std::string_view name;
    /// Whether these first lines look like the format. Asked in the registry's order.
    bool (*sniff)(const std::deque<std::string>& head);
    /// Fills all of LoadedData but the data set's name and the compression.
    LoadedData (*parse)(Lines& lines, const ParseRequest& request);
};

/// Every format, the pickiest sniffer first.
std::span<const Format> formats();

extern const Format kLibsvmFormat;
extern const Format kCsvFormat;

} // namespace zipml
