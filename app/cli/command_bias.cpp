#include "app/cli/command.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/base/random.h"
#include "core/data/source_name.h"
#include "core/estimate/bias.h"
#include "core/lab/method_of.h"
#include "core/lab/prepare.h"
#include "core/quant/build_grids.h"

#include <cstdio>
#include <numeric>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct BiasFlags {
    std::string file;
    std::string at = "optimum";
    int draws = 100;
    bool asJson = false;
    std::unique_ptr<SpecFlags> flags;
};

LinearParameters randomModel(const Dataset& data, bool intercept, std::uint64_t seed) {
    const RandomStream stream(seed, Purpose::RandomModel);
    auto model = LinearParameters::zero(static_cast<Eigen::Index>(data.features));
    for (Eigen::Index f = 0; f < model.weights.size(); ++f)
        model.weights[f] =
            stream.normals(0, static_cast<std::uint32_t>(f / 4))[static_cast<std::size_t>(f % 4)];
    if (intercept)
        model.intercept = stream.normals(1, 0)[0];
    return model;
}

LinearParameters modelAt(const std::string& at, const PreparedData& data, const RunSpec& spec,
                         ThreadTeam& team, const Job& job) {
    if (at == "zero")
        return LinearParameters::zero(static_cast<Eigen::Index>(data.train.features));
    if (at == "random")
        return randomModel(data.train, spec.intercept, spec.seed);
    const FoundOptimum& found = data.exactOptimum(team, job);
    if (!found.optimum)
        throw InputError("--at optimum: " + found.note + "; use --at zero or --at random");
    return found.optimum->model;
}

int run(const BiasFlags& options) {
    const RunSpec spec = options.flags->over(specFromFile(options.file));
    options.flags->noteUnread(spec);
    ProgressBar bar;
    const Job job{{}, [&bar](double share, std::string_view what) { bar.show(share, what); }};
    const auto data = prepareData(spec, job);
    ThreadTeam team(spec.threads);
    const LinearParameters model = modelAt(options.at, *data, spec, team, job);
    std::vector<std::uint32_t> rows(data->train.rows);
    std::iota(rows.begin(), rows.end(), 0U);
    // Of the estimator alone, unless a spec asks for integers.
    GradientMethod method = methodOf(spec, spec.arithmetic);
    std::vector<Grid> grids;
    if (method.copies > 0)
        grids = buildGrids(data->train, spec.grid, spec.bits, spec.sharedGrid, team, job);
    addRefetching(method, spec, data->train, grids, team, job);
    const auto bias = measureBias(data->train, rows, grids, method, model,
                                  {options.draws, spec.seed, 0, spec.intercept}, team, job);
    const auto& formula = bias.predictedVariance;
    const json predicted = bias.predictedNorm ? json(*bias.predictedNorm) : json(nullptr);
    if (options.asJson) {
        printJson({{"measured_bias_norm", bias.norm},
                   {"standard_error", bias.standardError},
                   {"predicted_bias_norm", predicted},
                   {"variance", bias.variance},
                   {"variance_standard_error", bias.varianceStandardError},
                   {"predicted_variance", formula.exact ? json(*formula.exact) : json(nullptr)},
                   {"variance_bound", formula.bound ? json(*formula.bound) : json(nullptr)},
                   {"gradient_norm", bias.exactNorm},
                   {"draws", bias.draws},
                   {"rows", rows.size()},
                   {"at", options.at},
                   {"unbiased", isUnbiased(spec.estimator, spec.loss)},
                   {"spec", withNamesOnly(toJson(spec))}});
        return 0;
    }
    const auto shown = [](const std::optional<double>& value) {
        char text[32] = "no formula exists";
        if (value)
            std::snprintf(text, sizeof text, "%.6g", *value);
        return std::string(text);
    };
    std::printf("%s at %s, %d draws over %zu rows\n", displayName(spec).c_str(), options.at.c_str(),
                bias.draws, rows.size());
    std::printf(
        "  measured bias norm   %.6g\n  standard error       %.6g  (the norm that pure noise would show)\n",
        bias.norm, bias.standardError);
    std::printf("  predicted bias norm  %s\n", shown(bias.predictedNorm).c_str());
    std::printf("  variance of a draw   %.6g\n  predicted variance   %s\n  lemma's bound        %s\n",
                bias.variance, shown(formula.exact).c_str(), shown(formula.bound).c_str());
    std::printf("  exact gradient norm  %.6g\n", bias.exactNorm);
    return 0;
}

} // namespace

void addBias(Command& app, Action& chosen) {
    auto* command = app.addSubcommand(
        "bias", "Measure an estimator's bias by Monte Carlo and hold it against the formula");
    auto options = std::make_shared<BiasFlags>();
    command->addOption("FILE", options->file, "Data file, synthetic:N, or a spec (*.json)")->required();
    command->addOption("--at", options->at, "Model at which to measure [optimum]")
        ->oneOf({"zero", "optimum", "random"});
    command->addOption("--draws", options->draws, "Draws: each rounds every row afresh [100]")
        ->range(2, 1'000'000);
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    options->flags = std::make_unique<SpecFlags>(
        *command,
        loadKeysAnd({"split",     "task",   "scaling",     "loss",       "regularizer",   "estimator",
                     "bits",      "degree", "interval",    "band",       "certificate",   "class_weights",
                     "copies",    "grid",   "shared_grid", "model_bits", "gradient_bits", "vector_scale",
                     "intercept", "seed",   "threads",     "device"}));
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
