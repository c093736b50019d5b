#include "app/cli/command.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/data/scaling.h"
#include "core/data/synthetic.h"
#include "core/lab/arithmetic_choice.h"
#include "core/quant/build_grids.h"
#include "core/quant/range_stretch.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct LevelsFlags {
    std::string file;
    std::size_t feature = 1;
    std::size_t levels = 16;
    std::string method = "optimal", scaling = "none";
    bool asJson = false;
    std::unique_ptr<SpecFlags> flags;
};

Dataset load(const RunSpec& spec) {
    ProgressBar bar;
    const Job job{{}, [&bar](double share, std::string_view what) { bar.show(share, what); }};
    if (const auto synthetic = parseSynthetic(spec.data.source))
        return generate(*synthetic, job).train;
    LoadContext context;
    context.offsets = false; // levels are placed in the file's units
    return loadData(spec.data.source, spec.data.load, context, job).data;
}

double meanVariance(std::span<const float> values, const Grid& grid) {
    double sum = 0;
    for (const float value : values)
        sum += grid.roundingVariance(double{value});
    return sum / static_cast<double>(values.size());
}

/// What a run that places such levels takes.
ArithmeticChoice arithmeticFor(RunSpec spec, const GridSpec& method, std::size_t levels, const Grid& grid) {
    spec.grid = method;
    spec.bits = bitsFor(levels);
    return arithmeticOf({.spec = spec, .grids = std::span(&grid, 1)});
}

/// Of this feature alone.
std::vector<std::string> warningsFor(const Dataset& data, std::size_t feature) {
    RangeStretch stretch;
    std::vector<float> kept(data.features, 0.0F); // constant but for the feature
    for (std::size_t row = 0; row < data.rows; ++row) {
        kept[feature] = data.row(row)[feature];
        stretch.add(kept, 1, data.features);
    }
    return stretch.warnings(data.featureNames, {});
}

int run(const LevelsFlags& options) {
    const RunSpec spec = options.flags->over(specFromFile(options.file));
    const GridSpec method = parseGrid(options.method);
    const auto scaling = parseName<ScalingKind>(options.scaling, "--scaling");
    Dataset data = load(spec);
    if (options.feature < 1 || options.feature > data.features)
        throw InputError("--feature " + std::to_string(options.feature) + ": " + data.name +
                         " has features 1 to " + std::to_string(data.features));
    applyScaling(fitScaling(data, scaling), data);
    std::vector<float> values(data.rows);
    for (std::size_t row = 0; row < data.rows; ++row)
        values[row] = data.row(row)[options.feature - 1];
    std::ranges::sort(values);

    const auto begin = std::chrono::steady_clock::now();
    const Grid exactGrid = placeLevels(values, method, options.levels);
    const ArithmeticChoice arithmetic = arithmeticFor(spec, method, options.levels, exactGrid);
    const bool onSteps = arithmetic.taken == Arithmetic::Integer && !exactGrid.isUniform();
    const Grid grid =
        onSteps ? placeLevels(values, method, options.levels, LevelPlaces::FineSteps) : exactGrid;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const double variance = meanVariance(values, grid);
    const double exact = meanVariance(values, exactGrid);
    const double uniform = meanVariance(values, placeLevels(values, {}, options.levels));
    std::vector<double> levels;
    for (std::uint32_t i = 0; i < grid.levels(); ++i)
        levels.push_back(grid.level(i));
    const std::string name = featureName(data, options.feature - 1);
    const auto warnings = warningsFor(data, options.feature - 1);
    if (options.asJson) {
        printJson({{"file", data.name},
                   {"feature", options.feature},
                   {"name", name},
                   {"method", toString(method)},
                   {"scaling", nameOf(scaling)},
                   {"arithmetic", nameOf(arithmetic.taken)},
                   {"arithmetic_why", arithmetic.why},
                   {"levels", levels},
                   {"most_levels", options.levels},
                   {"mean_variance", variance},
                   {"mean_variance_before_snapping", onSteps ? json(exact) : json(nullptr)},
                   {"uniform_mean_variance", uniform},
                   {"values", values.size()},
                   {"notes", warnings},
                   {"seconds", seconds.count()}});
        return 0;
    }
    const std::string scaled = scaling == ScalingKind::None ? "" : ", scaled by " + options.scaling;
    std::printf("%s, feature %zu (%s): %zu of %zu levels, %s%s\n", data.name.c_str(), options.feature,
                name.c_str(), levels.size(), options.levels, toString(method).c_str(), scaled.c_str());
    for (const double level : levels)
        std::printf("  %.9g\n", level);
    std::printf("mean variance  %.6g  (%zu uniform levels: %.6g)\n", variance, options.levels, uniform);
    if (onSteps)
        std::printf("               %.6g before levels were placed on the steps that integers read\n", exact);
    for (const std::string& warning : warnings)
        std::printf("note: %s\n", warning.c_str());
    if (method.kind == GridKind::Greedy)
        std::printf("guarantee      at most twice the least mean variance of %zu levels\n", options.levels);
    return 0;
}

} // namespace

void addLevels(Command& app, Action& chosen) {
    auto* command =
        app.addSubcommand("levels", "Place the levels of one feature and report their mean variance");
    auto options = std::make_shared<LevelsFlags>();
    command->addOption("FILE", options->file, "Data file, synthetic:N, or a spec (*.json)")->required();
    command->addOption("--feature", options->feature, "Feature, from 1 [1]")->positive();
    command
        ->addOption(
            "--scaling", options->scaling,
            "Scale the features first, as a run does; levels and variance are then of scaled values [none]")
        ->typeName(choicesOf<ScalingKind>("|"));
    command->addOption("--levels", options->levels, "Levels over the feature's range [16]")->range(2, 65536);
    command
        ->addOption(
            "--method", options->method,
            "How: see the grids of zipml train --help; the levels are those of runs and stores, those of "
            "placements that do not follow a scaling (logarithmic) where the data are not scaled [optimal]")
        ->typeName(gridForms());
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    options->flags = std::make_unique<SpecFlags>(*command, loadKeysAnd({"arithmetic"}));
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
