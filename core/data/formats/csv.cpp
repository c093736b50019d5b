// CSV and its like: one row a line, columns separated by one character.

#include "core/data/decimal.h"
#include "core/data/formats/csv_fields.h"
#include "core/data/formats/csv_layout.h"
#include "core/data/number.h"

#include <limits>

namespace zipml {
namespace {

void describe(const CsvLayout& layout, LoadedData& loaded) {
    Dataset& data = loaded.data;
    data.features = layout.columns - (layout.labelColumn ? 1 : 0);
    loaded.format = "csv";
    loaded.delimiter = layout.delimiterName;
    loaded.header = layout.header;
    loaded.hasLabels = layout.labelColumn.has_value();
    loaded.labelColumn = layout.labelColumn ? *layout.labelColumn + 1 : 0;
    for (std::size_t c = 0; c < layout.names.size(); ++c) {
        const std::string& name = layout.names[c];
        if (layout.labelColumn == c)
            loaded.labelName = name;
        else
            data.featureNames.push_back(name.empty() ? "x" + std::to_string(data.featureNames.size() + 1)
                                                     : name);
    }
}

void requireExpectedFeatures(const CsvLayout& layout, std::size_t features, const Head& head,
                             std::size_t expected) {
    if (expected == 0 || features == expected)
        return;
    throw InputError(head.file.string() + ": has " + std::to_string(features) +
                     " features and the training data has " + std::to_string(expected) +
                     (layout.columns == expected ? "; if its rows have no label, choose label column none"
                                                 : "; both need the same columns"));
}

class CsvParser final : public RowParser {
  public:
    CsvParser(CsvLayout layout, const Head& head, bool allowMissing)
        : layout_(std::move(layout)), secondLineBegin_(head.secondLineBegin), allowMissing_(allowMissing) {}

    [[nodiscard]] bool sparse() const override { return false; }

  protected:
    const char* addPlainRow(const char* line, const char* end, ParsedRows& rows) const override {
        const std::size_t before = rows.values.size();
        rows.values.resize(before + features());
        float label = 0;
        const char* const stop = takePlainRow(line, end, rows.values.data() + before, label);
        if (stop == nullptr)
            rows.values.resize(before);
        else
            rows.labels.push_back(label);
        return stop;
    }

    void addRow(std::string_view line, std::size_t offset, ParsedRows& rows) const override {
        std::vector<std::string_view> fields;
        fields.reserve(layout_.columns);
        splitFields(line, layout_.delimiter, fields);
        if (fields.size() != layout_.columns)
            failRagged(fields.size(), offset == secondLineBegin_);
        float label = 0;
        for (std::size_t c = 0; c < fields.size(); ++c)
            if (layout_.labelColumn == c)
                label = parseNumber(fields[c], c);
            else
                rows.values.push_back(parseFeature(fields[c], c, rows));
        rows.labels.push_back(label);
    }

  private:
    [[nodiscard]] std::size_t features() const { return layout_.columns - (layout_.labelColumn ? 1 : 0); }

    /// Splits as splitFields does, as long as all fields are decimals without quotes.
    const char* takePlainRow(const char* at, const char* end, float* values, float& label) const {
        const char delimiter = layout_.delimiter;
        const std::size_t labelColumn = layout_.labelColumn.value_or(layout_.columns);
        at = skipBlanks(at, end, delimiter != '\t');
        for (std::size_t c = 0; c < layout_.columns; ++c) {
            if (c > 0) {
                if (at == end || *at != delimiter)
                    return nullptr;
                at = skipBlanks(at + 1, end, delimiter != '\t');
            }
            at = takeDecimal(at, end, c == labelColumn ? label : *values++);
            if (at == nullptr)
                return nullptr;
            if (delimiter != ' ' || c + 1 == layout_.columns)
                at = skipBlanks(at, end, delimiter != '\t');
        }
        return isLineEnd(at, end) ? at : nullptr;
    }

    [[nodiscard]] static float parseNumber(std::string_view field, std::size_t column) {
        float value = 0;
        const FieldKind kind = parseField(field, value);
        if (kind != FieldKind::Number)
            fail(describeField(kind, field), column + 1);
        return value;
    }

    float parseFeature(std::string_view field, std::size_t column, ParsedRows& rows) const {
        float value = 0;
        if (!allowMissing_ || parseField(field, value) != FieldKind::Missing)
            return parseNumber(field, column);
        const std::size_t feature = column - (layout_.labelColumn && *layout_.labelColumn < column ? 1 : 0);
        rows.missing.push_back(static_cast<std::uint32_t>(feature));
        return std::numeric_limits<float>::quiet_NaN();
    }

    [[noreturn]] void failRagged(std::size_t fields, bool secondLine) const {
        fail("has " + std::to_string(fields) + " columns and the " +
             (layout_.header ? "header has " : "first line has ") + std::to_string(layout_.columns) +
             "; every row needs the same number" +
             (secondLine
                  ? " (if the first line is not data, skip it: --skip-lines 1, or Skip lines in the lab)"
                  : ""));
    }

    const CsvLayout layout_;
    const std::size_t secondLineBegin_;
    const bool allowMissing_;
};

std::unique_ptr<RowParser> openCsv(const Head& head, const ParseRequest& request, LoadedData& loaded) {
    CsvLayout layout = detectLayout(head, request.options, request.context);
    describe(layout, loaded);
    requireExpectedFeatures(layout, loaded.data.features, head, request.context.expectedFeatures);
    return std::make_unique<CsvParser>(std::move(layout), head, request.context.allowMissing);
}

bool sniffCsv(const std::vector<std::string>& /*head*/) {
    return true; // whatever is text and not LIBSVM is read as a table; its parser says what is wrong
}

} // namespace

const Format kCsvFormat{"csv", sniffCsv, openCsv};

} // namespace zipml
