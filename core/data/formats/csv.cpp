// CSV and its like: one row a line, columns separated by one character.

#include "core/data/formats/csv_layout.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"

#include <algorithm>
#include <limits>

namespace zipml {
namespace {

constexpr std::size_t kRowsPerCheck = 1024;

/// How many rows the whole file has, judged by the part that is read.
double expectedRows(const Lines& lines, std::size_t rows) {
    const double share = lines.share();
    return static_cast<double>(rows) / (share > 0.01 ? share : 1.0);
}

float parseValue(const Lines& lines, std::string_view field, std::size_t column, bool allowMissing) {
    float value = 0;
    const FieldKind kind = parseField(field, value);
    if (kind == FieldKind::Number)
        return value;
    if (kind == FieldKind::Missing && allowMissing)
        return std::numeric_limits<float>::quiet_NaN();
    lines.fail(describeField(kind, field), column + 1);
}

void failRagged(const Lines& lines, const CsvLayout& layout, std::size_t found, bool firstRow) {
    std::string message = "has " + std::to_string(found) + " columns and the " +
                          (layout.header ? "header has " : "first line has ") +
                          std::to_string(layout.columns) + "; every row needs the same number";
    if (firstRow)
        message += " (if the first line is not data, skip it: --skip-lines 1, or Skip lines in the lab)";
    lines.fail(message);
}

void describe(LoadedData& loaded, const CsvLayout& layout) {
    Dataset& data = loaded.data;
    data.features = layout.columns - (layout.labelColumn ? 1 : 0);
    loaded.format = "csv";
    loaded.delimiter = layout.delimiterName;
    loaded.header = layout.header;
    loaded.hasLabels = layout.labelColumn.has_value();
    loaded.labelColumn = layout.labelColumn ? *layout.labelColumn + 1 : 0;
    for (std::size_t c = 0; c < layout.names.size(); ++c)
        (layout.labelColumn == c ? loaded.labelName : data.featureNames.emplace_back()) = layout.names[c];
}

LoadedData parseCsv(Lines& lines, const ParseRequest& request) {
    const CsvLayout layout = detectLayout(lines, request.options, request.context);
    LoadedData loaded;
    describe(loaded, layout);
    Dataset& data = loaded.data;
    if (request.context.expectedFeatures > 0 && data.features != request.context.expectedFeatures)
        throw InputError(lines.file().string() + ": has " + std::to_string(data.features) +
                         " features and the training data has " +
                         std::to_string(request.context.expectedFeatures) + "; both need the same columns");
    if (request.context.allowMissing)
        loaded.missing.assign(data.features, 0);
    if (layout.header)
        lines.next();
    std::vector<std::string_view> fields;
    while (const auto line = lines.next()) {
        splitFields(*line, layout.delimiter, fields);
        if (fields.size() != layout.columns)
            failRagged(lines, layout, fields.size(), data.rows == (layout.header ? 0U : 1U));
        for (std::size_t c = 0; c < fields.size(); ++c) {
            const float value =
                parseValue(lines, fields[c], c, request.context.allowMissing && layout.labelColumn != c);
            if (layout.labelColumn == c)
                data.labels.push_back(value);
            else
                data.values.push_back(value);
        }
        if (!loaded.hasLabels)
            data.labels.push_back(0);
        if (++data.rows % kRowsPerCheck == 0) {
            request.job.checkpoint();
            request.job.report(lines.share(), "reading rows");
            const double rows = expectedRows(lines, data.rows);
            requireMemory(lines.file(), memoryFor(rows, static_cast<double>(data.features)),
                          request.context.memoryLimitBytes);
            if (data.rows == kRowsPerCheck)
                data.values.reserve(static_cast<std::size_t>(rows * 1.02) * data.features);
        }
    }
    for (std::size_t i = 0; i < data.values.size() && request.context.allowMissing; ++i)
        loaded.missing[i % data.features] += data.values[i] != data.values[i] ? 1U : 0U; // NaN: missing
    return loaded;
}

bool sniffCsv(const std::deque<std::string>& /*head*/) {
    return true; // whatever is text and not LIBSVM is read as a table; its parser says what is wrong
}

} // namespace

const Format kCsvFormat{"csv", sniffCsv, parseCsv};

} // namespace zipml
