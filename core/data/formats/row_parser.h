#pragma once
/// Turns text into rows, block by block; any number of blocks at once.

#include "core/data/text_reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// A value that a sparse row has.
struct SparseValue {
    std::uint32_t feature; ///< from 0
    float value;
};

/// What is wrong with a line, for a message "FILE:LINE: text".
struct BadLine {
    std::size_t number = 0; ///< in the block, from 1; 0: the message is about the file
    std::string text;
};

/// The rows of a block up to its end or its first bad line; dense ones or sparse ones. Behind those that have
/// a label, parts of the bad line may follow.
struct ParsedRows {
    std::vector<float> labels;          ///< one a row
    std::vector<float> values;          ///< of dense rows, one row behind the other
    std::vector<SparseValue> entries;   ///< of sparse rows, likewise
    std::vector<std::size_t> ends;      ///< of each sparse row in `entries`
    std::size_t width = 0;              ///< of the widest sparse row
    std::vector<std::uint32_t> missing; ///< the feature of each missing value
    std::size_t lines = 0;
    std::optional<BadLine> bad;

    /// Keeps the room for the next block.
    void clear();
};

class RowParser {
  public:
    RowParser() = default;
    RowParser(const RowParser&) = delete;
    RowParser& operator=(const RowParser&) = delete;
    virtual ~RowParser() = default;

    /// Whether rows are sparse: as wide as their last entry says.
    [[nodiscard]] virtual bool sparse() const = 0;
    /// Fills `rows` anew. Called from several threads at once.
    void parse(const TextBlock& block, ParsedRows& rows) const;

  protected:
    /// The quick way for rows of ordinary numbers alone, between [line, end), where more lines follow: adds
    /// the row and returns where its line ends, or adds nothing and returns null.
    virtual const char* addPlainRow(const char* line, const char* end, ParsedRows& rows) const = 0;
    /// Adds the row that `line` is, when it is one. @param offset of the line in the file's text
    /// @throws BadLine
    virtual void addRow(std::string_view line, std::size_t offset, ParsedRows& rows) const = 0;

    /// @throws BadLine with the message about the line, or about a column of it (from 1).
    [[noreturn]] static void fail(std::string text, std::size_t column = 0);

    /// Where blanks end: spaces, and tabs too unless `tabs` is false.
    static const char* skipBlanks(const char* at, const char* end, bool tabs = true) {
        while (at != end && (*at == ' ' || (tabs && *at == '\t')))
            ++at;
        return at;
    }
    static bool isLineEnd(const char* at, const char* end) {
        return at == end || *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] == '\n'));
    }
};

} // namespace zipml
