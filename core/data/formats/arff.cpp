// ARFF, Weka's tables: @attribute lines name and type the columns; rows are dense, or sparse as {index value,
// ...}.

#include "core/base/error.h"
#include "core/data/formats/arff_row.h"
#include "core/data/formats/format.h"
#include "core/data/formats/table_row.h"
#include "core/data/formats/text_source.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <limits>
#include <set>

namespace zipml {
namespace {

class ArffSource final : public TextSource {
  public:
    ArffSource(std::unique_ptr<TextReader> reader, Head head, ArffHeader header, bool latin1)
        : TextSource(std::move(reader), std::move(head), false), attributes_(std::move(header.attributes)),
          latin1_(latin1) {
        shape_.format = "arff";
        shape_.header = true;
        for (const ArffAttribute& attribute : attributes_) {
            shape_.names.push_back(attribute.name);
            Column column;
            column.kind = attribute.kind == ArffKind::Number ? ColumnKind::Number
                          : attribute.kind == ArffKind::Date ? ColumnKind::Time
                                                             : ColumnKind::Category;
            column.categories = attribute.values;
            shape_.declared.push_back(std::move(column));
            values_.emplace_back(attribute.values.begin(), attribute.values.end());
        }
        lookAtHead();
        if (weighted_) {
            shape_.names.emplace_back("instance weight");
            shape_.declared.emplace_back().role = ColumnRole::Weight;
            shape_.notes.emplace_back("the rows have weights");
        }
        shape_.columns = shape_.names.size();
    }

  protected:
    const char* addPlainRow(const char* /*line*/, const char* /*end*/, const RowPlan& /*plan*/,
                            ParsedRows& /*rows*/) const override {
        return nullptr;
    }

    void addRow(std::string_view line, std::size_t /*offset*/, const RowPlan& plan,
                ParsedRows& rows) const override {
        if (isComment(line))
            return;
        const ArffRow row = splitArffRow(line, attributes_.size(), stops_);
        if (row.weight && !weighted_)
            throw LineFault{"has an instance weight, and the first rows have none; give every row one"};
        RowPlacer placer(plan, rows);
        try {
            for (std::size_t c = 0; c < attributes_.size(); ++c)
                if (plan.columns[c].role != ColumnRole::Ignored)
                    place(row, c, plan, placer);
            if (weighted_)
                placer.number(attributes_.size(), row.weight.value_or(1));
            placer.end();
        } catch (BadCell& bad) {
            throw LineFault{columnText(plan, bad.column) + bad.text};
        }
    }

    void surveyRow(std::string_view line, std::size_t offset, const CellSyntax& syntax,
                   TableSurvey& survey) const override {
        constexpr std::size_t kFirstRows = 10;
        if (isComment(line))
            return;
        ArffRow row;
        try {
            row = splitArffRow(line, attributes_.size(), stops_);
        } catch (const LineFault&) {
            return; // reading the rows tells
        }
        std::vector<double> numbers(shape_.columns, std::numeric_limits<double>::quiet_NaN());
        std::vector<std::string> texts;
        const bool shown = survey.firstRows.size() < kFirstRows;
        for (std::size_t c = 0; c < attributes_.size(); ++c) {
            const bool asText = !survey.asText.empty() && survey.asText[c];
            surveyValue(row, c, asText, survey.lines + 1, syntax, survey.columns[c], numbers[c]);
            if (shown)
                texts.push_back(shownText(row, c));
        }
        if (weighted_) {
            numbers.back() = row.weight.value_or(1);
            survey.columns.back().addNumber(numbers.back());
            if (shown)
                texts.push_back(std::to_string(numbers.back()));
        }
        if (survey.sample.wants(offset))
            survey.sample.add(offset, numbers);
        if (shown)
            survey.firstRows.push_back(std::move(texts));
        ++survey.rows;
    }

  private:
    static bool isComment(std::string_view line) { return trimmed(line).starts_with('%'); }

    /// Whether rows have weights, and whether blanks separate their values, as Weka also reads them.
    void lookAtHead() {
        std::size_t commas = 0;
        for (const HeadLine& line : head_.lines) {
            if (isComment(line.text))
                continue;
            commas += line.text.find(',') == std::string::npos ? 0U : 1U;
        }
        stops_ = commas > 0 || attributes_.size() == 1 ? "," : " \t";
        for (const HeadLine& line : head_.lines)
            try {
                weighted_ = weighted_ || (!isComment(line.text) &&
                                          splitArffRow(line.text, attributes_.size(), stops_).weight);
            } catch (const LineFault&) { // reading the rows tells
            }
    }

    /// '?' and nothing; of numbers what other tables' missing values are, too.
    static bool isMissing(const ArffWord& word, const CellSyntax& syntax) {
        return !word.quoted &&
               (word.text.empty() || word.text == "?" ||
                std::ranges::any_of(syntax.marks, [&](const auto& m) { return word.text == m; }));
    }

    void place(const ArffRow& row, std::size_t c, const RowPlan& plan, RowPlacer& placer) const {
        const ArffAttribute& attribute = attributes_[c];
        const ArffWord& word = row.words[c];
        const bool absent = row.isAbsent(c);
        if (absent && attribute.kind == ArffKind::Nominal)
            return placeText(attribute.values.front(), c, plan, placer);
        if (absent && attribute.kind == ArffKind::Text)
            return placer.missing(c, "");
        if (absent)
            return placer.number(c, 0);
        if (isMissing(word, plan.syntax))
            return placer.missing(c, word.text);
        if (attribute.kind == ArffKind::Date) {
            const auto seconds = attribute.date->secondsOf(word.text);
            if (!seconds)
                throw BadCell{c, inQuotes(word.text) + " is not as the attribute's date pattern says"};
            return placer.number(c, *seconds);
        }
        const std::string text = textOf(word, latin1_);
        if (attribute.kind == ArffKind::Nominal && !values_[c].contains(text))
            throw BadCell{c, inQuotes(text) + " is none of the attribute's values, such as " +
                                 inQuotes(attribute.values.front())};
        placeText(text, c, plan, placer);
    }

    void placeText(const std::string& text, std::size_t c, const RowPlan& plan, RowPlacer& placer) const {
        if (plan.columns[c].kind == ColumnKind::Category && attributes_[c].kind != ArffKind::Number)
            return placer.text(c, FieldKind::Text, text);
        double value = 0;
        const FieldKind kind = parseField(text, value);
        if (kind == FieldKind::Text && attributes_[c].kind == ArffKind::Number)
            throw BadCell{
                c, describeField(kind, text)}; // it was declared, whatever the column's cells look like
        if (kind == FieldKind::Missing)
            placer.missing(c, text);
        else if (kind == FieldKind::Number && plan.columns[c].kind != ColumnKind::Category)
            placer.number(c, value);
        else
            placer.text(c, kind, text);
    }

    void surveyValue(const ArffRow& row, std::size_t c, bool asText, std::size_t line,
                     const CellSyntax& syntax, ColumnSurvey& column, double& number) const {
        const ArffAttribute& attribute = attributes_[c];
        const ArffWord& word = row.words[c];
        const bool absent = row.isAbsent(c);
        if (absent && attribute.kind == ArffKind::Nominal)
            return column.addText(attribute.values.front(), line);
        const bool missing = absent ? attribute.kind == ArffKind::Text : isMissing(word, syntax);
        if (missing) {
            if (++column.missing == 1)
                column.firstMissing = {line, std::string(word.text)};
            return;
        }
        const std::string text = absent ? "0" : textOf(word, latin1_);
        if (attribute.kind == ArffKind::Date) {
            const auto seconds = absent ? std::optional(0.0) : attribute.date->secondsOf(word.text);
            number = seconds.value_or(number);
            return seconds ? column.addTime(*seconds, text) : column.addText(text, line);
        }
        if (attribute.kind != ArffKind::Number)
            return column.addText(text, line);
        double value = 0;
        switch (parseField(text, value)) {
        case FieldKind::Number:
            if (asText)
                return column.addText(text, line);
            number = value;
            return column.addNumber(value);
        case FieldKind::Missing:
            if (++column.missing == 1)
                column.firstMissing = {line, text};
            return;
        case FieldKind::NotFinite:
        case FieldKind::TooLarge:
            if (++column.wrong == 1)
                column.firstWrong = {line, text};
            return;
        case FieldKind::Text:
            return column.addText(text, line);
        }
    }

    [[nodiscard]] std::string shownText(const ArffRow& row, std::size_t c) const {
        if (!row.isAbsent(c))
            return textOf(row.words[c], latin1_);
        return attributes_[c].kind == ArffKind::Nominal ? attributes_[c].values.front() : "0";
    }

    const std::vector<ArffAttribute> attributes_;
    const bool latin1_;
    std::vector<std::set<std::string>> values_; ///< of nominal ones
    std::string_view stops_;                    ///< what separates values
    bool weighted_ = false;
};

/// The first rows, read and not taken. A quote may be anything here, so each line is one by itself.
Head readRowsAhead(TextReader& reader, const ArffHeader& header, const Job& job) {
    constexpr std::size_t kHeadLines = 1000, kHeadBytes = 4'000'000;
    Head head;
    head.file = reader.file();
    head.linesSkipped = header.lines;
    std::size_t number = header.lines;
    for (std::size_t ahead = 0; head.lines.size() < kHeadLines && ahead < kHeadBytes;) {
        job.checkpoint();
        const auto line = reader.peekLine(ahead);
        head.whole = !line;
        if (head.whole)
            break;
        ++number;
        const auto content = withoutLineEnd(*line);
        if (const auto junk = findJunk(content))
            throw InputError(reader.file().string() + ":" + std::to_string(number) + ": " +
                             describeJunk(*junk));
        const std::size_t begin = reader.offset() + ahead;
        if (!trimmed(content).empty())
            head.lines.push_back({std::string(content), number, begin, begin + line->size()});
        ahead += line->size();
    }
    if (head.whole)
        reader.checkEnd(number);
    if (head.lines.empty())
        throw InputError(reader.file().string() +
                         ": holds no rows behind @data; a data file has one row a line");
    return head;
}

bool matchesArff(const FileStart& start) {
    std::string_view rest = start.bytes;
    if (rest.starts_with("\xEF\xBB\xBF"))
        rest.remove_prefix(3);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = trimmed(withoutLineEnd(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.empty() || line.starts_with('%'))
            continue;
        for (const std::string_view keyword : {"@relation", "@attribute"})
            if (equalsIgnoringCase(line.substr(0, keyword.size()), keyword))
                return true;
        return false;
    }
    return start.file.extension() == ".arff"; // comments alone so far
}

std::unique_ptr<RowSource> openArff(const OpenRequest& request) {
    const bool latin1 = readsLatin1(request.options.encoding);
    auto reader = std::make_unique<TextReader>(request.file);
    ArffHeader header = readArffHeader(*reader, latin1);
    Head head = readRowsAhead(*reader, header, request.job);
    return std::make_unique<ArffSource>(std::move(reader), std::move(head), std::move(header), latin1);
}

} // namespace

constinit const Format kArffFormat{"arff", "ARFF (Weka)", matchesArff, openArff};

} // namespace zipml
