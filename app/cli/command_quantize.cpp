#include "app/cli/command.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/base/file.h"
#include "core/lab/method_of.h"
#include "core/lab/prepare.h"
#include "core/quant/build_grids.h"
#include "core/quant/store_file.h"

#include <cstdio>
#include <numeric>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct Options {
    std::string file, out, method;
    bool asJson = false;
    std::unique_ptr<SpecFlags> flags;
};

int run(const Options& options) {
    RunSpec spec = options.flags->over(specOf(options.file));
    if (!options.method.empty())
        spec.grid = parseGrid(options.method);
    const GradientMethod method = methodOf(spec);
    if (method.copies == 0)
        throw InputError("--estimator full: does not round samples; choose another one, such as double");
    checkWritable(options.out);
    ProgressBar bar;
    const Job job{{}, [&bar](double share, std::string_view what) { bar.show(share, what); }};
    const auto data = prepareData(spec, job);
    const Dataset& train = data->train;
    ThreadTeam team(spec.threads);
    auto grids = buildGrids(train, spec.grid, spec.bits, spec.sharedGrid, team, job);
    const auto variance = meanRoundingVariance(train, grids, team, job);
    const double mean =
        std::accumulate(variance.begin(), variance.end(), 0.0) / static_cast<double>(variance.size());
    SampleStore store(train.rows, std::move(grids),
                      {spec.bits, method.copies, method.estimator->rounding, spec.seed});
    store.build(train, 0, team, job);
    const std::uint64_t bytes = store.bytes();
    const std::uint64_t codebook = store.codebookBytes();
    const double bitsPerValue = 8.0 * static_cast<double>(bytes) /
                                (static_cast<double>(train.rows) * static_cast<double>(train.features));
    const StoreFile contents{std::move(store),
                             train.labels,
                             method.estimator->corrected()
                                 ? std::vector<float>(variance.begin(), variance.end())
                                 : std::vector<float>{},
                             {{"data", train.name},
                              {"feature_names", train.featureNames},
                              {"task", nameOf(data->task)},
                              {"class_labels", data->classLabels},
                              {"scaling",
                               {{"kind", nameOf(data->scaling.kind)},
                                {"offset", data->scaling.offset},
                                {"factor", data->scaling.factor}}},
                              {"mean_variance", mean},
                              {"spec", toJson(spec)}}};
    const std::uint64_t fileBytes = writeStore(contents, options.out);
    if (options.asJson)
        printJson({{"file", options.out},
                   {"bytes", bytes},
                   {"bits_per_value", bitsPerValue},
                   {"mean_variance", mean},
                   {"codebook_bytes", codebook},
                   {"file_bytes", fileBytes},
                   {"rows", train.rows},
                   {"features", train.features},
                   {"spec", toJson(spec)}});
    else
        std::printf("%s: %zu rows x %zu features, %.4g bits a value\n  samples        %llu bytes\n  levels   "
                    "      %llu "
                    "bytes\n  file           %llu bytes, with labels and header\n  mean variance  %.6g "
                    "(scaled units)\n",
                    options.out.c_str(), train.rows, train.features, bitsPerValue,
                    static_cast<unsigned long long>(bytes), static_cast<unsigned long long>(codebook),
                    static_cast<unsigned long long>(fileBytes), mean);
    return 0;
}

} // namespace

void addQuantize(CLI::App& app, Action& chosen) {
    auto* command = app.add_subcommand("quantize", "Round the samples, pack them and save the store (*.zq)");
    auto options = std::make_shared<Options>();
    command->add_option("FILE", options->file, "Data file, synthetic:N, or a spec (*.json)")->required();
    command->add_option("-o,--out", options->out, "The store to write")->type_name("FILE.zq")->required();
    command->add_option("--method", options->method, "The same as --grid")
        ->type_name("uniform|optimal|greedy|candidates:M|quantile|lloyd-max|logarithmic");
    command->add_flag("--json", options->asJson, "Print JSON and nothing else");
    options->flags = std::make_unique<SpecFlags>(
        *command, std::vector<std::string>{"test", "split", "format", "delimiter", "header", "label_column",
                                           "skip_lines", "task", "scaling", "estimator", "bits", "copies",
                                           "grid", "shared_grid", "order", "seed", "threads"});
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
