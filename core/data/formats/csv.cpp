// CSV and its like: one row a line, columns separated by one character.

#include "core/data/decimal.h"
#include "core/data/formats/csv_fields.h"
#include "core/data/formats/csv_layout.h"
#include "core/data/formats/table_row.h"
#include "core/data/formats/text_source.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace zipml {
namespace {

class CsvSource final : public TextSource {
  public:
    CsvSource(std::unique_ptr<TextReader> reader, Head head, CsvLayout layout, const LoadOptions& options)
        : TextSource(std::move(reader), std::move(head), true), layout_(std::move(layout)),
          latin1_(readsLatin1(options.encoding)) {
        shape_.format = "csv";
        shape_.delimiter = layout_.delimiterName;
        shape_.decimal = layout_.decimal;
        shape_.header = layout_.header();
        shape_.columns = layout_.columns;
        shape_.names = layout_.names;
        shape_.notes = layout_.notes;
        startBehind(layout_.headLines);
        secondLineBegin_ =
            layout_.headLines + 1 < head_.lines.size() && layout_.headLines == 0 ? head_.lines[1].begin : 0;
        countDecimals();
    }

  protected:
    const char* addPlainRow(const char* line, const char* end, const RowPlan& plan,
                            ParsedRows& rows) const override {
        if (!plan.plain || layout_.decimal != '.')
            return nullptr;
        const std::size_t before = rows.values.size();
        rows.values.resize(before + plan.features);
        double label = 0;
        float* const values = rows.values.data() + before;
        const char* const stop = plan.offsets.empty() ? takePlainRow<false>(line, end, plan, values, label)
                                                      : takePlainRow<true>(line, end, plan, values, label);
        if (stop == nullptr)
            rows.values.resize(before);
        else
            rows.labels.push_back(label - plan.labelOffset);
        return stop;
    }

    void addRow(std::string_view line, std::size_t offset, const RowPlan& plan,
                ParsedRows& rows) const override {
        std::vector<std::string_view> fields;
        fields.reserve(layout_.columns);
        splitFields(line, layout_.delimiter, fields);
        if (isComment(line, fields.size()))
            return;
        if (fields.size() != layout_.columns)
            failRagged(fields.size(), offset != 0 && offset == secondLineBegin_);
        addTableRow(fields, plan, latin1_, rows);
    }

    void surveyRow(std::string_view line, std::size_t offset, const CellSyntax& syntax,
                   TableSurvey& survey) const override {
        std::vector<std::string_view> fields;
        fields.reserve(layout_.columns);
        splitFields(line, layout_.delimiter, fields);
        if (isComment(line, fields.size()))
            return;
        surveyTableRow(fields, layout_.columns, offset, syntax, latin1_, survey);
    }

  private:
    /// A line that begins with a mark and a blank, or that has other columns than the rows; "#N/A" is a cell.
    [[nodiscard]] bool isComment(std::string_view line, std::size_t fields) const {
        const bool mark = line.starts_with('#') || line.starts_with('%');
        return mark && (fields != layout_.columns || line.size() == 1 || line[1] == ' ');
    }

    /// Splits as splitFields does, as long as all fields are decimals without quotes.
    template <bool Offsets>
    const char* takePlainRow(const char* at, const char* end, const RowPlan& plan, float* values,
                             double& label) const {
        const std::size_t columns = layout_.columns;
        const std::size_t before = std::min(plan.plainLabel, columns); // features in front of the label
        const double* const offsets = plan.offsets.data();
        at = skipBlanks(at, end, layout_.delimiter != '\t');
        at = takeFloats<Offsets>(at, end, layout_.delimiter, before, offsets, values);
        if (before < columns) {
            at = before > 0 ? behindDelimiter(at, end, layout_.delimiter) : at;
            at = at == nullptr ? nullptr : takeDouble(at, end, 0, label);
            at = behindField(at, end, layout_.delimiter);
            if (before + 1 < columns) {
                at = behindDelimiter(at, end, layout_.delimiter);
                at = takeFloats<Offsets>(at, end, layout_.delimiter, columns - before - 1, offsets + before,
                                         values + before);
            }
        }
        if (at == nullptr)
            return nullptr;
        at = skipBlanks(at, end, layout_.delimiter != '\t');
        return isLineEnd(at, end) ? at : nullptr;
    }

    /// The next fields, from the begin of the first to the end of the last. Null goes through.
    template <bool Offsets>
    static const char* takeFloats(const char* at, const char* end, char delimiter, std::size_t count,
                                  const double* offsets, float* values) {
        for (std::size_t i = 0; i < count && at != nullptr; ++i) {
            at = i > 0 ? behindDelimiter(at, end, delimiter) : at;
            if (at == nullptr)
                return nullptr;
            at = Offsets ? takeFloat(at, end, offsets[i], values[i]) : takeDecimal(at, end, values[i]);
            at = behindField(at, end, delimiter);
        }
        return at;
    }

    /// Where blanks behind a field end; between columns cut at blanks they are the delimiter.
    static const char* behindField(const char* at, const char* end, char delimiter) {
        return at == nullptr || delimiter == ' ' ? at : skipBlanks(at, end, delimiter != '\t');
    }
    static const char* behindDelimiter(const char* at, const char* end, char delimiter) {
        if (at == nullptr || at == end || *at != delimiter)
            return nullptr;
        return skipBlanks(at + 1, end, delimiter != '\t');
    }

    /// Not inlined, so that the loop over the features is the one place where decimals are read at full
    /// speed.
    [[gnu::noinline]] static const char* takeDouble(const char* at, const char* end, double offset,
                                                    double& value) {
        double exact = 0;
        at = takeDecimal(at, end, exact);
        value = exact - offset;
        return std::abs(exact) <= FLT_MAX ? at : nullptr;
    }
    static const char* takeFloat(const char* at, const char* end, double offset, float& value) {
        double exact = 0;
        at = takeDouble(at, end, offset, exact);
        value = static_cast<float>(exact);
        return at;
    }

    void countDecimals() {
        constexpr std::size_t kLines = 64;
        std::vector<std::string_view> fields;
        shape_.decimals.assign(layout_.columns, 0);
        for (std::size_t i = layout_.headLines; i < std::min(head_.lines.size(), layout_.headLines + kLines);
             ++i) {
            splitFields(head_.lines[i].text, layout_.delimiter, fields);
            for (std::size_t c = 0; c < std::min(fields.size(), layout_.columns); ++c)
                if (const auto point = fields[c].find(layout_.decimal); point != std::string_view::npos)
                    shape_.decimals[c] = std::max(shape_.decimals[c], fields[c].size() - point - 1);
        }
    }

    [[noreturn]] void failRagged(std::size_t fields, bool secondLine) const {
        throw LineFault{
            "has " + std::to_string(fields) + " columns and the " +
            (layout_.header() ? "header has " : "first line has ") + std::to_string(layout_.columns) +
            "; every row needs the same number" +
            (secondLine
                 ? " (if the first line is not data, skip it: --skip-lines 1, or Skip lines in the lab)"
                 : "")};
    }

    const CsvLayout layout_;
    const bool latin1_;
    std::size_t secondLineBegin_ = 0;
};

std::unique_ptr<RowSource> openCsv(const OpenRequest& request) {
    auto reader = std::make_unique<TextReader>(request.file);
    Head head = readHead(*reader, request.options.skipLines, request.job);
    CsvLayout layout = findLayout(head, request);
    return std::make_unique<CsvSource>(std::move(reader), std::move(head), std::move(layout),
                                       request.options);
}

bool matchesCsv(const FileStart& /*start*/) {
    return true; // whatever is text and nothing else is read as a table; its parser says what is wrong
}

} // namespace

constinit const Format kCsvFormat{"csv", "CSV or TSV", matchesCsv, openCsv};

} // namespace zipml
