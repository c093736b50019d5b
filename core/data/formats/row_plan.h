#pragma once
/// A row plan says, for each column of one file, what becomes of its cells: a schema bound to the file's
/// columns.

#include "core/data/formats/parsed_rows.h"
#include "core/data/number.h"
#include "core/data/schema.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// What becomes of one column's cells.
struct ColumnPlan {
    ColumnRole role = ColumnRole::Feature;
    ColumnKind kind = ColumnKind::Number;
    std::uint32_t slot = 0;                                       ///< of its (first) feature
    std::map<std::string, std::uint32_t, std::less<>> categories; ///< their numbers
    std::string name;                                             ///< for messages
};

struct RowPlan {
    std::vector<ColumnPlan> columns; ///< of the file, in its order; sparse rows have none
    std::size_t features = 0;
    CellSyntax syntax;
    bool missingAllowed = false; ///< NaN instead of an error
    bool missingDrops =
        false;             ///< rows with NaN are left out: also for a category, which is else none of them
    bool weighted = false; ///< some column is the rows' weight
    bool plain = false;    ///< all columns but the label are features in order, and numbers
    std::size_t plainLabel = static_cast<std::size_t>(-1); ///< that column, where there is one

    int indexBase = -1;          ///< sparse: the least index; -1: not known
    std::size_t width = 0;       ///< sparse: features; entries beyond are left out and counted; 0: not known
    bool labelled = true;        ///< sparse: a label stands in front
    std::vector<double> offsets; ///< by feature, or empty
    double labelOffset = 0;
};

/// Puts one row's cells where they belong. Cells are given by column, each once, in any order.
class RowPlacer {
  public:
    RowPlacer(const RowPlan& plan, ParsedRows& rows);
    /// @throws BadCell
    void number(std::size_t column, double value);
    void missing(std::size_t column, std::string_view text);
    /// A cell that is no number: a category, a time, or wrong. @param text without quotes and blanks
    void text(std::size_t column, FieldKind kind, std::string_view text);
    void end();

  private:
    void place(std::size_t column, double value);

    const RowPlan& plan_;
    ParsedRows& rows_;
    float* values_;
    double label_ = 0;
    float weight_ = 1;
};

/// Thrown for a cell that cannot be used; becomes "FILE:LINE: column N (NAME): text".
struct BadCell {
    std::size_t column = 0; ///< from 0
    std::string text;
};

} // namespace zipml
