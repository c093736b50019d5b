// CSV and its like: one row a line, columns separated by one character.

#include "core/data/formats/csv_fields.h"
#include "core/data/formats/csv_layout.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"

#include <limits>

namespace zipml {
namespace {

class CsvParser {
  public:
    CsvParser(Lines& lines, const ParseRequest& request)
        : lines_(lines), context_(request.context),
          layout_(detectLayout(lines, request.options, request.context)) {
        describe();
    }

    LoadedData parse() {
        requireExpectedFeatures();
        if (layout_.header)
            lines_.next();
        while (const auto line = lines_.next())
            addRow(*line);
        return std::move(loaded_);
    }

  private:
    void describe() {
        Dataset& data = loaded_.data;
        data.features = layout_.columns - (layout_.labelColumn ? 1 : 0);
        loaded_.format = "csv";
        loaded_.delimiter = layout_.delimiterName;
        loaded_.header = layout_.header;
        loaded_.hasLabels = layout_.labelColumn.has_value();
        loaded_.labelColumn = layout_.labelColumn ? *layout_.labelColumn + 1 : 0;
        for (std::size_t c = 0; c < layout_.names.size(); ++c) {
            const std::string& name = layout_.names[c];
            if (layout_.labelColumn == c)
                loaded_.labelName = name;
            else
                data.featureNames.push_back(name.empty() ? "x" + std::to_string(data.featureNames.size() + 1)
                                                         : name);
        }
        if (context_.allowMissing)
            loaded_.missing.assign(data.features, 0);
    }

    void requireExpectedFeatures() const {
        const std::size_t features = loaded_.data.features;
        if (context_.expectedFeatures == 0 || features == context_.expectedFeatures)
            return;
        throw InputError(lines_.file().string() + ": has " + std::to_string(features) +
                         " features and the training data has " + std::to_string(context_.expectedFeatures) +
                         (layout_.columns == context_.expectedFeatures
                              ? "; if its rows have no label, choose label column none"
                              : "; both need the same columns"));
    }

    void addRow(std::string_view line) {
        splitFields(line, layout_.delimiter, fields_);
        if (fields_.size() != layout_.columns)
            failRagged();
        Dataset& data = loaded_.data;
        const double share = lines_.share();
        makeRoom(data.values, data.features, share, lines_.file(), context_.memoryLimitBytes);
        makeRoom(data.labels, 1, share, lines_.file(), context_.memoryLimitBytes);
        for (std::size_t c = 0; c < fields_.size(); ++c)
            if (layout_.labelColumn == c)
                data.labels.push_back(parseNumber(c));
            else
                data.values.push_back(parseFeature(c));
        if (!loaded_.hasLabels)
            data.labels.push_back(0);
        ++data.rows;
    }

    [[nodiscard]] float parseNumber(std::size_t column) const {
        float value = 0;
        const FieldKind kind = parseField(fields_[column], value);
        if (kind != FieldKind::Number)
            lines_.fail(describeField(kind, fields_[column]), column + 1);
        return value;
    }

    float parseFeature(std::size_t column) {
        float value = 0;
        if (!context_.allowMissing || parseField(fields_[column], value) != FieldKind::Missing)
            return parseNumber(column);
        ++loaded_.missing[column - (layout_.labelColumn && *layout_.labelColumn < column ? 1 : 0)];
        return std::numeric_limits<float>::quiet_NaN();
    }

    [[noreturn]] void failRagged() const {
        const bool secondLine = loaded_.data.rows == (layout_.header ? 0U : 1U);
        lines_.fail(
            "has " + std::to_string(fields_.size()) + " columns and the " +
            (layout_.header ? "header has " : "first line has ") + std::to_string(layout_.columns) +
            "; every row needs the same number" +
            (secondLine
                 ? " (if the first line is not data, skip it: --skip-lines 1, or Skip lines in the lab)"
                 : ""));
    }

    Lines& lines_;
    const LoadContext& context_;
    const CsvLayout layout_;
    LoadedData loaded_;
    std::vector<std::string_view> fields_; ///< of the current line
};

LoadedData parseCsv(Lines& lines, const ParseRequest& request) {
    return CsvParser(lines, request).parse();
}

bool sniffCsv(const std::deque<std::string>& /*head*/) {
    return true; // whatever is text and not LIBSVM is read as a table; its parser says what is wrong
}

} // namespace

const Format kCsvFormat{"csv", sniffCsv, parseCsv};

} // namespace zipml
