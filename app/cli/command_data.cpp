#include "app/cli/command.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/data/formats/format.h"
#include "core/data/report.h"
#include "core/data/synthetic.h"

#include <cstdio>
#include <iostream>

namespace zipml::cli {
namespace {

using nlohmann::json;

json columnJson(const ColumnReport& column) {
    json texts = json::array();
    for (const auto& [text, rows] : column.texts)
        texts.push_back({{"text", text}, {"rows", rows}});
    return {{"name", column.name},
            {"role", nameOf(column.role)},
            {"kind", nameOf(column.kind)},
            {"min", column.minimum},
            {"max", column.maximum},
            {"mean", column.mean},
            {"deviation", column.deviation},
            {"missing", column.missing},
            {"distinct", column.distinct},
            {"more_distinct", column.manyDistinct},
            {"constant", column.constant},
            {"histogram", column.histogram},
            {"texts", texts},
            {"bits", column.bits}};
}

json describe(const DataReport& report) {
    json columns = json::array(); // of features, as models have them; the others behind
    json others = json::array();
    for (const auto& column : report.columns)
        (column.role == ColumnRole::Feature ? columns : others).push_back(columnJson(column));
    json counts = json::array();
    for (const auto& [label, rows] : report.labelCounts) {
        const json number = json::parse(label, nullptr, false);
        counts.push_back({{"label", number.is_number() ? number : json(label)}, {"rows", rows}});
    }
    return {{"file", report.file},
            {"rows", report.rows},
            {"features", report.features},
            {"task", report.task ? json(nameOf(*report.task)) : json()},
            {"trainable", report.whyNot.empty()},
            {"why_not", report.whyNot},
            {"format", report.format},
            {"delimiter", report.delimiter},
            {"decimal", report.decimal},
            {"compression", report.compression},
            {"header", report.header},
            {"index_base", report.options.indexBase},
            {"label_column", report.label ? *report.label + 1 : 0},
            {"label_why", report.labelWhy},
            {"label", columnJson(report.labelColumn)},
            {"label_counts", counts},
            {"nonzero_share", report.nonzeroShare},
            {"missing", report.missing},
            {"notes", report.notes},
            {"warnings", report.warnings},
            {"first_rows", report.firstRows},
            {"columns", columns},
            {"other_columns", others}};
}

/// A bar of eight heights a bin.
std::string drawn(const std::vector<std::size_t>& histogram) {
    constexpr const char* kHeights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    std::size_t most = 0;
    for (std::size_t bin = 0; bin + 1 < histogram.size(); bin += 2)
        most = std::max(most, histogram[bin] + histogram[bin + 1]);
    std::string text;
    for (std::size_t bin = 0; bin + 1 < histogram.size() && most > 0; bin += 2) {
        const std::size_t rows = histogram[bin] + histogram[bin + 1];
        text += kHeights[rows == 0 ? 0 : 1 + rows * 7 / most];
    }
    return text;
}

std::string distinctText(const ColumnReport& column) {
    return (column.manyDistinct ? ">" : "") + std::to_string(column.distinct);
}

void printColumn(std::size_t place, const ColumnReport& column) {
    std::printf("  %5zu %-20.20s %-8s %-8s", place, column.name.c_str(),
                std::string(nameOf(column.role)).c_str(), std::string(nameOf(column.kind)).c_str());
    if (column.kind == ColumnKind::Category || (!column.texts.empty() && column.histogram.empty())) {
        std::string texts;
        for (std::size_t i = 0; i < std::min<std::size_t>(column.texts.size(), 4); ++i)
            texts += (i > 0 ? ", " : "") + column.texts[i].first + " (" +
                     std::to_string(column.texts[i].second) + ")";
        std::printf(" %-51.51s", texts.c_str());
    } else {
        std::printf(" %12.6g %12.6g %12.6g %12.6g", column.minimum, column.maximum, column.mean,
                    column.deviation);
    }
    std::printf(" %7zu %8s %s%s\n", column.missing, distinctText(column).c_str(),
                drawn(column.histogram).c_str(), column.constant ? "  constant" : "");
}

void print(const DataReport& report) {
    constexpr std::size_t kShown = 60; // columns
    std::printf("%s\n  %zu rows x %zu features, %s\n", report.file.c_str(), report.rows, report.features,
                report.task ? std::string(nameOf(*report.task)).c_str() : "not to be trained on as it is");
    std::printf("  %s%s%s, compression %s", report.format.c_str(), report.delimiter.empty() ? "" : ", ",
                report.delimiter.c_str(), report.compression.c_str());
    if (!report.delimiter.empty())
        std::printf(", decimal %s, header %s", report.decimal.c_str(), report.header ? "yes" : "no");
    if (report.format == "libsvm")
        std::printf(", indices from %s", report.options.indexBase.c_str());
    if (report.label)
        std::printf("\n  label: column %zu%s, %s", *report.label + 1,
                    report.schema.named ? (" (" + report.labelColumn.name + ")").c_str() : "",
                    report.labelWhy.c_str());
    std::printf("\n  %.1f%% of the values are not 0; %zu missing\n", 100 * report.nonzeroShare,
                report.missing);
    if (!report.labelColumn.histogram.empty())
        std::printf("  label %g to %g, mean %g, deviation %g\n", report.labelColumn.minimum,
                    report.labelColumn.maximum, report.labelColumn.mean, report.labelColumn.deviation);
    for (std::size_t i = 0; i < std::min<std::size_t>(report.labelCounts.size(), 32); ++i)
        std::printf("    label %s: %zu rows\n", report.labelCounts[i].first.c_str(),
                    report.labelCounts[i].second);
    if (report.mayBeClasses())
        std::printf("  where these %zu labels are classes, train with --loss logistic, hinge or "
                    "squared-hinge\n",
                    report.labelCounts.size());
    for (const auto& note : report.notes)
        std::printf("  note: %s\n", note.c_str());
    for (const auto& warning : report.warnings)
        std::printf("  warning: %s\n", warning.c_str());
    if (!report.whyNot.empty())
        std::printf("  cannot be trained on yet: %s\n", report.whyNot.c_str());
    std::printf("\n  %5s %-20s %-8s %-8s %12s %12s %12s %12s %7s %8s\n", "", "column", "role", "kind", "min",
                "max", "mean", "deviation", "missing", "distinct");
    for (std::size_t c = 0; c < std::min(report.columns.size(), kShown); ++c)
        printColumn(c + 1, report.columns[c]);
    if (report.columns.size() > kShown)
        std::printf("  ... and %zu more columns (--json lists all)\n", report.columns.size() - kShown);
}

DataReport inspect(const RunSpec& spec) {
    if (const auto synthetic = parseSynthetic(spec.data.source)) {
        LoadedData loaded;
        loaded.data = generate(*synthetic).train;
        loaded.format = "generated";
        loaded.compression = "none";
        return reportOn(loaded, spec.data.task);
    }
    ProgressBar bar;
    const Job job{{}, [&bar](double share, std::string_view what) { bar.show(share, what); }};
    return reportOn(spec.data.source, spec.data.load, spec.data.task, {}, job);
}

std::string formatTitles() {
    std::string titles;
    for (const Format& format : formats())
        titles += (titles.empty() ? "" : "; ") + std::string(format.name) + ": " + std::string(format.title);
    return titles;
}

struct DataFlags {
    std::string file;
    bool asJson = false;
    std::unique_ptr<SpecFlags> flags;
};

} // namespace

void addData(Command& app, Action& chosen) {
    auto* command = app.addSubcommand(
        "data", "Inspect a data file: shape, task, what each column is and holds, what may go wrong");
    auto options = std::make_shared<DataFlags>();
    command
        ->addOption(
            "FILE", options->file,
            "Data file, plain or compressed; a folder, a pattern, files joined by ';', - for standard "
            "input, or synthetic:N. Formats: " +
                formatTitles())
        ->required();
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    options->flags = std::make_unique<SpecFlags>(*command, loadKeysAnd({"task"}));
    command->callback([&chosen, options] {
        chosen = [options] {
            RunSpec base;
            base.data.source = options->file;
            const DataReport report = inspect(options->flags->over(base));
            if (options->asJson)
                printJson(describe(report));
            else
                print(report);
            return 0;
        };
    });
}

} // namespace zipml::cli
