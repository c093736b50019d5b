#pragma once
/// A survey looks at every cell of a table before anything is decided: what kinds of cells each column has,
/// their range, how many are missing, how many differ; and keeps some rows as they are.

#include "core/data/number.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zipml {

/// Where a cell of a kind was first seen, for messages.
struct SeenAt {
    std::size_t line = 0; ///< of the block while it is being surveyed, of the file when joined; 0: never
    std::string text;
};

/// What was seen in one column.
struct ColumnSurvey {
    static constexpr std::size_t kMostDistinct = 1000; ///< numbers or texts that are told apart

    std::size_t numbers = 0, missing = 0, times = 0, texts = 0; ///< cells of each kind
    std::size_t wrong = 0;                                      ///< infinities, and numbers beyond a float
    double low = std::numeric_limits<double>::infinity();       ///< of numbers, and of times in seconds
    double high = -std::numeric_limits<double>::infinity();
    double mean = 0, squares = 0; ///< sum of squared deviations from the mean
    std::size_t nonzero = 0;
    bool whole = true;    ///< numbers are whole
    bool counting = true; ///< numbers go up by one from row to row
    double first = 0, last = 0;
    std::unordered_map<double, std::size_t> values; ///< rows by number, while there are at most kMostDistinct
    bool manyValues = false;                        ///< there are more
    std::map<std::string, std::size_t, std::less<>> words; ///< rows by text (times included), likewise
    bool manyWords = false;
    SeenAt firstText, firstMissing, firstWrong;

    [[nodiscard]] std::size_t present() const { return numbers + times + texts + wrong; }
    /// Numbers that differ, at most kMostDistinct + 1.
    [[nodiscard]] std::size_t distinct() const;
    void addNumber(double value);
    void addTime(double seconds, std::string_view text);
    void addText(std::string_view text, std::size_t line);
    /// @param lines in front of the other's
    void join(ColumnSurvey&& later, std::size_t lines);

  private:
    void measure(double value);
    void keepWord(std::string_view text);
};

/// Some of a table's rows: those with the smallest hashes of their places, so that it does not matter how the
/// table was cut. Cells that are no numbers are NaN.
class SampledRows {
  public:
    explicit SampledRows(std::size_t columns = 0);
    [[nodiscard]] bool wants(std::size_t place) const;
    void add(std::size_t place, const std::vector<double>& row);
    void join(SampledRows&& other);
    [[nodiscard]] const std::map<std::uint64_t, std::vector<double>>& rows() const { return rows_; }

  private:
    void trim();
    std::size_t most_;
    std::map<std::uint64_t, std::vector<double>> rows_; ///< by hash
};

struct TableSurvey {
    std::size_t rows = 0;
    std::size_t lines = 0;
    std::vector<ColumnSurvey> columns;
    SampledRows sample;
    /// Of the first row with another number of columns: its line, 0: none; and how many it has.
    std::size_t raggedLine = 0, raggedColumns = 0;
    std::vector<std::vector<std::string>> firstRows; ///< texts of the first ten
    std::string bad;                                 ///< what makes the file unreadable from there on
    std::vector<bool> asText;                        ///< columns whose numbers are categories; empty: none
    std::size_t width = 0;                           ///< of the widest row of a sparse file
    bool zeroIndex = false;                          ///< a sparse file has an index 0

    explicit TableSurvey(std::size_t count = 0);
    void join(TableSurvey&& later);
};

} // namespace zipml
