// From a float matrix out of cache to a packed store, and the passes before it: values/s by instruction set,
// features and threads.

#include "core/kernels/isa.h"
#include "core/quant/sample_store.h"
#include "tests/support/random_data.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <map>

using namespace zipml;

namespace {

constexpr std::size_t kValues = std::size_t{1} << 26; // 256 MB

const Dataset& data(std::size_t features) {
    static std::map<std::size_t, Dataset> known;
    Dataset& set = known[features];
    if (set.values.empty()) {
        set.features = features;
        set.rows = kValues / features;
        set.values.resize(set.rows * features);
        std::uint32_t state = 1;
        for (float& value : set.values) {
            state = state * 1664525U + 1013904223U;
            value = static_cast<float>(state >> 8U) * 0x1p-23F - 1.0F;
        }
    }
    return set;
}

/// Times `work` on one instruction set. Arguments: features, threads.
template <class Work>
void run(benchmark::State& state, Isa isa, const Work& work) {
    const Isa before = activeIsa();
    forceIsa(isa);
    const Dataset& set = data(static_cast<std::size_t>(state.range(0)));
    ThreadTeam team(static_cast<int>(state.range(1)));
    for (auto _ : state)
        work(set, team);
    forceIsa(before);
    state.counters["values/s"] =
        benchmark::Counter(static_cast<double>(set.values.size()) * static_cast<double>(state.iterations()),
                           benchmark::Counter::kIsRate);
}

void build(benchmark::State& state, Isa isa, int copies, GridKind kind) {
    const Dataset& set = data(static_cast<std::size_t>(state.range(0)));
    ThreadTeam team(1);
    std::vector<Grid> grids(set.features, Grid::uniform(-1, 1, 16));
    if (kind != GridKind::Uniform) {
        std::vector<double> levels;
        for (int i = -8; i < 8; ++i)
            levels.push_back(std::cbrt(i / 8.0));
        grids.assign(set.features, Grid(levels));
    }
    SampleStore store(set.rows, grids, {4, copies, Rounding::Stochastic, 1});
    std::uint32_t epoch = 0;
    run(state, isa, [&](const Dataset& from, ThreadTeam& threads) { store.build(from, epoch++, threads); });
}

void meanVariance(benchmark::State& state, Isa isa) {
    const auto features = static_cast<std::size_t>(state.range(0));
    const std::vector<Grid> grids(features, Grid::uniform(-1, 1, 16));
    run(state, isa, [&](const Dataset& from, ThreadTeam& threads) {
        benchmark::DoNotOptimize(meanRoundingVariance(from, grids, threads));
    });
}

void range(benchmark::State& state, Isa isa) {
    run(state, isa, [&](const Dataset& from, ThreadTeam& threads) {
        benchmark::DoNotOptimize(buildGrids(from, {}, 4, false, threads));
    });
}

[[maybe_unused]] const bool kRegistered = [] {
    const auto add = [](const std::string& name, auto function, auto... arguments) {
        benchmark::RegisterBenchmark(name.c_str(), function, arguments...)
            ->ArgNames({"features", "threads"})
            ->ArgsProduct({{90, 1024}, {1, 2}})
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    };
    for (const Isa isa : availableIsas()) {
        const std::string name(nameOf(isa));
        add("build/" + name, build, isa, 1, GridKind::Uniform);
        add("build2copies/" + name, build, isa, 2, GridKind::Uniform);
        add("buildTables/" + name, build, isa, 1, GridKind::Optimal);
        add("meanVariance/" + name, meanVariance, isa);
        add("range/" + name, range, isa);
    }
    return true;
}();

} // namespace
