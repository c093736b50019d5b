#include "core/data/report.h"
#include "core/base/await_file.h"

#include "core/data/column_choice.h"
#include "core/data/formats/csv_fields.h"
#include "core/data/formats/format.h"
#include "core/data/inspect_rows.h"
#include "core/data/memory_limit.h"
#include "core/data/report_warnings.h"
#include "core/data/source_files.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace zipml {
namespace {

/// Least bits b with (range / (2^b - 1))^2 / 6 at most 1% of the variance: the mean variance of random
/// rounding between uniform levels is a sixth of their distance squared (docs/method.md#s4-1).
int bitsFor(double range, double deviation) {
    constexpr double kShare = 0.01;
    if (!(range > 0) || !(deviation > 0))
        return 0;
    const double levels = 1 + range / (deviation * std::sqrt(6 * kShare));
    return static_cast<int>(std::clamp(std::ceil(std::log2(levels)), 1.0, 32.0));
}

std::vector<std::size_t> histogramOf(const TableSurvey& survey, std::size_t c, double low, double high) {
    std::vector<std::size_t> bins(ColumnReport::kBins, 0);
    for (const auto& [hash, row] : survey.sample.rows()) {
        const double value = row[c];
        if (std::isnan(value) || !(high > low))
            continue;
        const double place = (value - low) / (high - low) * static_cast<double>(bins.size());
        ++bins[std::min(static_cast<std::size_t>(std::max(place, 0.0)), bins.size() - 1)];
    }
    return bins;
}

ColumnReport columnReport(const TableSurvey& survey, std::size_t c, const Column& column) {
    constexpr std::size_t kTexts = 10;
    const ColumnSurvey& seen = survey.columns[c];
    ColumnReport report;
    report.name = column.name;
    report.role = column.role;
    report.kind = column.kind;
    report.missing = seen.missing;
    report.manyDistinct = seen.manyValues || seen.manyWords;
    report.distinct = report.manyDistinct ? ColumnSurvey::kMostDistinct
                      : column.kind == ColumnKind::Number && seen.texts == 0
                          ? seen.values.size()
                          : seen.words.size() + seen.values.size();
    report.texts.assign(seen.words.begin(), seen.words.end());
    std::ranges::stable_sort(report.texts, std::greater{}, &std::pair<std::string, std::size_t>::second);
    report.texts.resize(std::min(report.texts.size(), kTexts));
    if (const std::size_t count = seen.numbers + seen.times; count > 0) {
        report.minimum = seen.low;
        report.maximum = seen.high;
        report.mean = seen.mean;
        report.deviation = std::sqrt(seen.squares / static_cast<double>(count));
        report.bits = bitsFor(seen.high - seen.low, report.deviation);
        report.histogram = histogramOf(survey, c, seen.low, seen.high);
    }
    report.constant = report.distinct == 1 && !report.manyDistinct;
    return report;
}

/// "1", "0.5": the shortest text that reads back as the number.
std::string numberText(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

void addLabelCounts(const ColumnSurvey& seen, const Column& column, DataReport& report) {
    if (column.kind == ColumnKind::Category) {
        report.labelCounts.assign(seen.words.begin(), seen.words.end());
        return;
    }
    if (seen.manyValues || seen.values.size() > kMostClasses)
        return;
    const std::map<double, std::size_t> sorted(seen.values.begin(), seen.values.end());
    for (const auto& [value, rows] : sorted)
        report.labelCounts.emplace_back(numberText(value), rows);
}

/// The task, or why there is none.
void settleTask(const ColumnSurvey& seen, const Column& column, std::optional<Task> wanted,
                DataReport& report) {
    Dataset labels;
    labels.name = report.file;
    Schema schema;
    schema.columns = {column};
    labels.schema = std::make_shared<Schema>(schema);
    if (column.kind == ColumnKind::Category)
        for (std::size_t i = 0; i < column.categories.size(); ++i)
            labels.exactLabels.push_back(static_cast<double>(i));
    else if (seen.manyValues)
        for (std::size_t i = 0; i <= kMostClasses; ++i)
            labels.exactLabels.push_back(static_cast<double>(i) + (seen.whole ? 0.0 : 0.5));
    else
        for (const auto& [value, rows] : seen.values)
            labels.exactLabels.push_back(value);
    try {
        report.task = detectTask(labels, wanted);
    } catch (const InputError& error) {
        if (report.whyNot.empty())
            report.whyNot = error.what();
    }
}

void countCells(const TableSurvey& survey, DataReport& report) {
    std::size_t cells = 0, nonzero = 0;
    for (std::size_t c = 0; c < report.columns.size(); ++c) {
        if (report.columns[c].role != ColumnRole::Feature)
            continue;
        cells += survey.rows;
        nonzero += survey.columns[c].nonzero + survey.columns[c].texts + survey.columns[c].times;
        report.missing += survey.columns[c].missing;
    }
    if (cells > 0)
        report.nonzeroShare = static_cast<double>(nonzero) / static_cast<double>(cells);
}

void fill(const TableSurvey& survey, DataReport& report) {
    report.rows = survey.rows;
    for (std::size_t c = 0; c < report.schema.columns.size(); ++c)
        report.columns.push_back(columnReport(survey, c, report.schema.columns[c]));
    countCells(survey, report);
    for (std::string& warning : warningsOf(report, survey))
        report.warnings.push_back(std::move(warning));
}

/// The files as one source; standard input, which can be read once, is a file by then.
std::string joined(const SourceFiles& source) {
    std::string names;
    for (const auto& file : source.files())
        names += (names.empty() ? "" : ";") + file.string();
    return names;
}

/// What a text table is, also when it cannot be trained on.
DataReport reportOnTable(const SourceFiles& source, const std::string& name, const LoadOptions& options,
                         std::optional<Task> task, const LoadContext& context, const Job& job) {
    ThreadTeam team(context.threads);
    const SurveyedRows surveyed = surveyRows(source.files(), options, context, partOf(job, 0, 0.6), team);
    const SourceShape& shape = surveyed.shape;
    const TableSurvey& survey = surveyed.survey;
    DataReport report;
    report.file = name;
    report.format = shape.format;
    report.delimiter = shape.delimiter;
    report.decimal = shape.decimal == ',' ? "comma" : "point";
    report.compression = shape.compression;
    report.header = shape.header;
    report.firstRows = survey.firstRows;
    report.notes = shape.notes;
    report.options = options;
    std::optional<std::size_t> label;
    try {
        ColumnChoice choice = chooseColumns(source.files().front(), shape, survey, options);
        report.schema = std::move(choice.schema);
        label = choice.label;
        report.labelWhy = choice.labelWhy;
        report.whyNot = choice.whyNot;
        report.notes.insert(report.notes.end(), choice.notes.begin(), choice.notes.end());
        report.warnings = std::move(choice.warnings);
    } catch (const InputError& error) {
        report.whyNot = error.what();
        report.schema.named = !shape.names.empty();
        report.schema.columns.resize(shape.columns);
        for (std::size_t c = 0; c < shape.columns; ++c)
            report.schema.columns[c].name = c < shape.names.size() && !shape.names[c].empty()
                                                ? shape.names[c]
                                                : "x" + std::to_string(c + 1);
    }
    report.features = report.schema.features();
    report.label = label;
    if (survey.raggedLine > 0 && report.whyNot.empty())
        report.whyNot = name + ":" + std::to_string(shape.linesBefore + survey.raggedLine) + ": has " +
                        std::to_string(survey.raggedColumns) + " columns and the table has " +
                        std::to_string(shape.columns) + "; every row needs the same number";
    if (label) {
        addLabelCounts(survey.columns[*label], report.schema.columns[*label], report);
        settleTask(survey.columns[*label], report.schema.columns[*label], task, report);
    }
    fill(survey, report);
    if (label)
        report.labelColumn = report.columns[*label];
    try { // all that training would say
        const LoadedData loaded = scanData(
            joined(source), options, context, [](const RowBlock&) {}, [] {}, partOf(job, 0.6, 1));
        report.options = loaded.options;
        report.schema = *loaded.data.schema;
        for (const std::string& warning : loaded.warnings)
            if (std::ranges::find(report.warnings, warning) == report.warnings.end())
                report.warnings.push_back(warning);
        if (!loaded.hasLabels && report.whyNot.empty())
            report.whyNot = name + ": has no label to learn; choose one with --label-column";
    } catch (const InputError& error) {
        if (report.whyNot.empty())
            report.whyNot = error.what();
    }
    if (!report.whyNot.empty())
        report.task.reset();
    return report;
}

bool isSparse(const SourceFiles& source, const LoadOptions& options, const LoadContext& context,
              const Job& job) {
    return openSource({source.files().front(), options, context, job})->shape().sparse;
}

} // namespace

bool DataReport::mayBeClasses() const {
    return task == Task::Regression && labelCounts.size() > 2 &&
           std::ranges::all_of(labelCounts, [](const auto& count) {
               return count.first.find_first_of(".e") == std::string::npos;
           });
}

DataReport reportOn(const LoadedData& loaded, std::optional<Task> task) {
    const Dataset& data = loaded.data;
    TableSurvey survey(data.features);
    survey.rows = data.rows;
    std::vector<double> row(data.features);
    for (std::size_t r = 0; r < data.rows; ++r) {
        const bool sampled = survey.sample.wants(r);
        for (std::size_t f = 0; f < data.features; ++f) {
            row[f] = double{data.row(r)[f]} + data.offset(f);
            if (std::isnan(row[f]))
                ++survey.columns[f].missing;
            else
                survey.columns[f].addNumber(row[f]);
        }
        if (sampled)
            survey.sample.add(r, row);
    }
    DataReport report;
    report.file = data.name;
    report.format = loaded.format;
    report.delimiter = loaded.delimiter;
    report.decimal = "point";
    report.compression = loaded.compression;
    report.header = loaded.header;
    report.labelWhy = loaded.labelWhy;
    report.notes = loaded.notes;
    report.warnings = loaded.warnings;
    report.options = loaded.options;
    for (std::size_t f = 0; f < data.features; ++f) {
        Column column;
        column.name = featureName(data, f);
        report.schema.columns.push_back(column);
    }
    report.features = data.features;
    TableSurvey labels(1);
    for (std::size_t r = 0; loaded.hasLabels && r < data.rows; ++r) {
        const double label =
            (data.exactLabels.empty() ? double{data.labels[r]} : data.exactLabels[r]) + data.labelOffset();
        labels.columns[0].addNumber(label);
        if (labels.sample.wants(r))
            labels.sample.add(r, {label});
    }
    const Column label{"label", ColumnRole::Label, ColumnKind::Number, {}};
    if (loaded.hasLabels) {
        addLabelCounts(labels.columns[0], label, report);
        settleTask(labels.columns[0], label, task, report);
    } else {
        report.whyNot = data.name + ": has no label to learn";
    }
    fill(survey, report);
    report.labelColumn = columnReport(labels, 0, label);
    if (data.schema != nullptr)
        report.schema = *data.schema;
    return report;
}

DataReport reportOn(const std::filesystem::path& file, const LoadOptions& options, std::optional<Task> task,
                    const LoadContext& given, const Job& job) {
    LoadContext context = given;
    if (context.memoryLimitBytes == 0)
        context.memoryLimitBytes = availableMemoryBytes();
    const SourceFiles source(file, job);
    const bool one = source.files().size() == 1;
    const std::filesystem::path& named = one && !isPipe(file) ? source.files().front() : file;
    const std::string name = asUtf8(one ? named.filename().string() : file.string(), false);
    if (!isSparse(source, options, context, job))
        return reportOnTable(source, name, options, task, context, job);
    LoadOptions allowed = options;
    const bool refuses = missingPolicy(options.missing).kind == MissingPolicy::Kind::Refuse;
    if (refuses)
        allowed.missing = "mean";
    DataReport report = reportOn(loadData(joined(source), allowed, context, job), task);
    if (refuses && report.missing > 0) {
        report.options.missing = options.missing;
        report.whyNot = name + ": " + std::to_string(report.missing) +
                        " values are missing; choose what becomes of them: --missing drop, mean, median or "
                        "constant:0";
        report.task.reset();
    }
    return report;
}

} // namespace zipml
