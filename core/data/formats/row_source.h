#pragma once
/// A row source is a data file opened in its format: it hands out blocks of whole rows, one after the other,
/// and turns any number of them into rows at once.

#include "core/data/formats/raw_block.h"
#include "core/data/formats/row_plan.h"
#include "core/data/survey.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace zipml {

/// What the format found in the file before any row was read.
struct SourceShape {
    std::string format;
    std::string delimiter; ///< text tables: its name
    std::string compression = "none";
    char decimal = '.';
    bool header = false;              ///< the file names its columns
    bool sparse = false;              ///< rows are LABEL INDEX:VALUE ..., without columns
    bool labelled = true;             ///< sparse: a label stands in front of each row
    std::size_t columns = 0;          ///< of a table
    std::vector<std::string> names;   ///< one a column, or none
    std::optional<std::size_t> label; ///< the column that the format itself says is the label
    /// Kinds and categories that the format itself states, one a column, or none.
    std::vector<Column> declared;
    std::vector<std::string> notes; ///< what was left out or taken for something, a sentence each
    std::size_t linesBefore = 0;    ///< lines in front of the first row
    std::vector<std::size_t>
        decimals; ///< most digits behind the point in the first rows, one a column, or none
};

class RowSource {
  public:
    RowSource() = default;
    RowSource(const RowSource&) = delete;
    RowSource& operator=(const RowSource&) = delete;
    virtual ~RowSource() = default;

    [[nodiscard]] virtual const SourceShape& shape() const = 0;
    /// The next rows, about as many bytes. False at the end.
    virtual bool take(std::size_t bytes, RawBlock& block) = 0;
    /// Fills `rows` anew, with their ranges. Called from several threads at once.
    virtual void parse(const RawBlock& block, const RowPlan& plan, ParsedRows& rows) const = 0;
    /// Adds the first rows, at most some hundred thousand cells. Before the first take.
    virtual void surveyHead(const CellSyntax& syntax, TableSurvey& survey) const = 0;
    /// Adds the block's rows to `survey`, whatever they hold. Called from several threads at once.
    virtual void survey(const RawBlock& block, const CellSyntax& syntax, TableSurvey& survey) const = 0;
    /// @param line that the rows ended behind. @throws InputError when they ended before the file did.
    virtual void checkEnd(std::size_t line) const = 0;
};

} // namespace zipml
