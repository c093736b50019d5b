#include "app/cli/command.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/data/summary.h"
#include "core/data/synthetic.h"

#include <cstdio>
#include <iostream>

namespace zipml::cli {
namespace {

using nlohmann::json;

json columnJson(const ColumnSummary& column) {
    return {{"name", column.name},        {"min", column.minimum},         {"max", column.maximum},
            {"mean", column.mean},        {"deviation", column.deviation}, {"missing", column.missing},
            {"constant", column.constant}};
}

json describe(const LoadedData& loaded, const DataSummary& summary) {
    json columns = json::array();
    for (const auto& column : summary.columns)
        columns.push_back(columnJson(column));
    json counts = json::array();
    for (const auto& [label, rows] : summary.labelCounts)
        counts.push_back({{"label", label}, {"rows", rows}});
    return {{"file", loaded.data.name},
            {"rows", summary.rows},
            {"features", summary.features},
            {"task", nameOf(summary.task)},
            {"format", loaded.format},
            {"delimiter", loaded.delimiter},
            {"compression", loaded.compression},
            {"header", loaded.header},
            {"label_column", loaded.labelColumn},
            {"label", columnJson(summary.label)},
            {"label_counts", counts},
            {"nonzero_share", summary.nonzeroShare},
            {"missing", summary.missing},
            {"columns", columns}};
}

void print(const LoadedData& loaded, const DataSummary& summary) {
    std::printf(
        "%s\n  %zu rows x %zu features, %s\n  %s%s%s, compression %s, header %s, label column %zu%s\n",
        loaded.data.name.c_str(), summary.rows, summary.features, std::string(nameOf(summary.task)).c_str(),
        loaded.format.c_str(), loaded.delimiter.empty() ? "" : ", ", loaded.delimiter.c_str(),
        loaded.compression.c_str(), loaded.header ? "yes" : "no", loaded.labelColumn,
        loaded.labelName.empty() ? "" : (" (" + loaded.labelName + ")").c_str());
    std::printf("  %.1f%% of the values are not 0; %zu missing\n", 100 * summary.nonzeroShare,
                summary.missing);
    std::printf("  label %g to %g, mean %g, deviation %g\n", summary.label.minimum, summary.label.maximum,
                summary.label.mean, summary.label.deviation);
    for (const auto& [label, rows] : summary.labelCounts)
        std::printf("    label %g: %zu rows\n", label, rows);
    if (summary.mayBeClasses())
        std::printf("  where these %zu labels are classes, train with --loss logistic, hinge or "
                    "squared-hinge\n",
                    summary.labelCounts.size());
    std::printf("\n  %-20s %12s %12s %12s %12s %8s\n", "feature", "min", "max", "mean", "deviation",
                "missing");
    for (const auto& column : summary.columns)
        std::printf("  %-20.20s %12.6g %12.6g %12.6g %12.6g %8zu%s\n", column.name.c_str(), column.minimum,
                    column.maximum, column.mean, column.deviation, column.missing,
                    column.constant ? "  constant" : "");
}

LoadedData loadAny(const RunSpec& spec) {
    if (const auto synthetic = parseSynthetic(spec.data.source)) {
        LoadedData loaded;
        loaded.data = generate(*synthetic).train;
        loaded.format = "generated";
        loaded.compression = "none";
        return loaded;
    }
    ProgressBar bar;
    LoadContext context;
    context.allowMissing = true;
    const Job job{{}, [&bar](double share, std::string_view what) { bar.show(share, what); }};
    return loadData(spec.data.source, spec.data.load, context, job);
}

struct Options {
    std::string file;
    bool asJson = false;
    std::unique_ptr<SpecFlags> flags;
};

} // namespace

void addData(CLI::App& app, Action& chosen) {
    auto* command =
        app.add_subcommand("data", "Inspect a data file: shape, task, column ranges, label counts");
    auto options = std::make_shared<Options>();
    command->add_option("FILE", options->file, "LIBSVM or CSV/TSV text, plain or compressed, or synthetic:N")
        ->required();
    command->add_flag("--json", options->asJson, "Print JSON and nothing else");
    options->flags =
        std::make_unique<SpecFlags>(*command, std::vector<std::string>{"format", "delimiter", "header",
                                                                       "label_column", "skip_lines", "task"});
    command->callback([&chosen, options] {
        chosen = [options] {
            RunSpec base;
            base.data.source = options->file;
            const RunSpec spec = options->flags->over(base);
            const LoadedData loaded = loadAny(spec);
            DataSummary summary = summarize(loaded);
            if (spec.data.task)
                summary.task = detectTask(loaded.data, spec.data.task);
            if (options->asJson)
                printJson(describe(loaded, summary));
            else
                print(loaded, summary);
            return 0;
        };
    });
}

} // namespace zipml::cli
