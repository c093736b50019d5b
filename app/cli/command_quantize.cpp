#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/base/outputs.h"
#include "core/data/memory_limit.h"
#include "core/data/source_name.h"
#include "core/lab/build_store.h"

#include <cstdio>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct QuantizeFlags {
    std::string file, out, method;
    bool asJson = false;
    std::unique_ptr<SpecFlags> flags;
};

BuiltStore build(const RunSpec& spec, const std::string& out) {
    RunControl control;
    const StopsOnInterrupt stops(control);
    ProgressBar bar;
    const Job job{control.stopToken(),
                  [&bar](double share, std::string_view what) { bar.show(share, what); }};
    try {
        return buildStoreFile(spec, out, job);
    } catch (const Cancelled&) {
        throw RunError(out + ": stopped before it was complete, so nothing was written");
    }
}

void print(const QuantizeFlags& options, const BuiltStore& built, double bitsPerValue) {
    const StoreHeader& header = built.header;
    std::printf("%s: %zu rows x %zu features, %.4g bits a value\n", options.out.c_str(), header.rows,
                header.features(), bitsPerValue);
    std::printf("  samples        %llu bytes\n", static_cast<unsigned long long>(header.codeBytes()));
    std::printf("  levels         %llu bytes\n", static_cast<unsigned long long>(header.codebookBytes()));
    std::printf("  file           %llu bytes, with labels, header and %zu rows that stay unrounded\n",
                static_cast<unsigned long long>(built.fileBytes), header.keptRows);
    std::printf("  mean variance  %.6g (scaled units)\n", built.meanVariance);
    if (built.exactMeanVariance)
        std::printf("                 %.6g before levels were placed on the steps that integers read\n",
                    *built.exactMeanVariance);
    std::printf("  arithmetic     %s (%s)\n", std::string(nameOf(built.arithmetic.taken)).c_str(),
                built.arithmetic.why.c_str());
    std::printf("  levels used    %.4g of %zu in the mean, %zu at least\n", built.levels.mean,
                built.levels.asked, built.levels.fewest);
    for (const std::string& note : built.notes)
        std::printf("note: %s\n", note.c_str());
    if (header.levelRows < header.rows)
        std::printf("  levels placed by a random choice of %zu rows\n", header.levelRows);
    if (header.dealtRows > 0 && header.dealtRows < header.rows)
        std::printf("  rows dealt at random within every %zu\n", header.dealtRows);
    std::printf("  memory         %.0f MB at most, in %d passes over the data\n",
                static_cast<double>(peakResidentBytes()) / 1e6, built.passes);
}

int run(const QuantizeFlags& options) {
    RunSpec spec = options.flags->over(specFromFile(options.file));
    if (!options.method.empty())
        spec.grid = parseGrid(options.method);
    options.flags->noteUnread(spec);
    Outputs outputs;
    outputs.reads(filesRead(options.file, spec));
    outputs.addRegular("--out", options.out);
    outputs.check();
    const BuiltStore built = build(spec, options.out);
    const StoreHeader& header = built.header;
    const double bitsPerValue = 8.0 * static_cast<double>(header.codeBytes()) /
                                (static_cast<double>(header.rows) * static_cast<double>(header.features()));
    if (!options.asJson) {
        print(options, built, bitsPerValue);
        return 0;
    }
    printJson({{"file", options.out},
               {"bytes", header.codeBytes()},
               {"bits_per_value", bitsPerValue},
               {"mean_variance", built.meanVariance},
               {"mean_variance_before_snapping",
                built.exactMeanVariance ? json(*built.exactMeanVariance) : json(nullptr)},
               {"arithmetic", nameOf(built.arithmetic.taken)},
               {"arithmetic_why", built.arithmetic.why},
               {"levels", built.levels.asked},
               {"levels_used", built.levels.mean},
               {"fewest_levels_used", built.levels.fewest},
               {"notes", built.notes},
               {"codebook_bytes", header.codebookBytes()},
               {"file_bytes", built.fileBytes},
               {"rows", header.rows},
               {"features", header.features()},
               {"level_rows", header.levelRows},
               {"dealt_rows", header.dealtRows},
               {"kept_rows", header.keptRows},
               {"passes", built.passes},
               {"peak_resident_bytes", peakResidentBytes()},
               {"spec", withNamesOnly(toJson(spec))}});
    return 0;
}

} // namespace

void addQuantize(Command& app, Action& chosen) {
    auto* command = app.addSubcommand("quantize", "Round the samples, pack them and save the store (*.zq)");
    auto options = std::make_shared<QuantizeFlags>();
    command->addOption("FILE", options->file, "Data file, synthetic:N, or a spec (*.json)")->required();
    command->addOption("-o,--out", options->out, "The store to write")->typeName("FILE.zq")->required();
    command->addOption("--method", options->method, "The same as --grid")->typeName(gridForms());
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    options->flags = std::make_unique<SpecFlags>(
        *command, loadKeysAnd({"task", "scaling", "estimator", "bits", "copies", "grid", "arithmetic",
                               "shared_grid", "order", "seed", "threads"}));
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
