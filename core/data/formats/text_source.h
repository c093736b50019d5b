#pragma once
/// Text formats share how blocks of lines are read and cut into lines; a format says what a line means.

#include "core/data/formats/head.h"
#include "core/data/formats/row_source.h"

namespace zipml {

/// What is wrong with a line: "column 3: 'abc' is not a number".
struct LineFault {
    std::string text;
};

class TextSource : public RowSource {
  public:
    /// @param quoted line ends within double quotes end no line
    TextSource(std::unique_ptr<TextReader> reader, Head head, bool quoted);

    [[nodiscard]] const SourceShape& shape() const override { return shape_; }
    bool take(std::size_t bytes, RawBlock& block) override;
    void parse(const RawBlock& block, const RowPlan& plan, ParsedRows& rows) const override;
    void surveyHead(const CellSyntax& syntax, TableSurvey& survey) const override;
    void survey(const RawBlock& block, const CellSyntax& syntax, TableSurvey& survey) const override;
    void checkEnd(std::size_t line) const override { reader_->checkEnd(line); }

  protected:
    /// Goes on behind the `lines` first lines of the head.
    void startBehind(std::size_t lines);
    /// The quick way for rows of ordinary numbers alone, between [line, end), where more lines follow: adds
    /// the row and returns where its line ends, or adds nothing and returns null.
    virtual const char* addPlainRow(const char* line, const char* end, const RowPlan& plan,
                                    ParsedRows& rows) const = 0;
    /// Adds the row that `line` is, when it is one. @throws LineFault
    virtual void addRow(std::string_view line, std::size_t offset, const RowPlan& plan,
                        ParsedRows& rows) const = 0;
    /// Adds the row that `line` is, when it is one, whatever it holds. @param offset in the file's text
    virtual void surveyRow(std::string_view line, std::size_t offset, const CellSyntax& syntax,
                           TableSurvey& survey) const = 0;

    /// Where blanks end: spaces, and tabs too unless `tabs` is false.
    static const char* skipBlanks(const char* at, const char* end, bool tabs = true) {
        while (at != end && (*at == ' ' || (tabs && *at == '\t')))
            ++at;
        return at;
    }
    static bool isLineEnd(const char* at, const char* end) {
        return at == end || *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] == '\n'));
    }

    std::unique_ptr<TextReader> reader_;
    Head head_;
    SourceShape shape_;

  private:
    [[nodiscard]] const char* endOfLine(const char* line, const char* end) const;

    const bool quoted_;
    std::size_t headLines_ = 0; ///< in front of the first row
};

} // namespace zipml
