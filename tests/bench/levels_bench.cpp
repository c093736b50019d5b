// Placement of 16 levels on a million distinct values, already sorted, on one core: tables and search
// together.

#include "core/quant/levels/candidates.h"
#include "core/quant/levels/greedy.h"
#include "core/quant/levels/optimal.h"
#include "tests/support/level_data.h"

#include <benchmark/benchmark.h>

#include <map>

using namespace zipml;

namespace {

const std::vector<float>& values(const std::string& shape) {
    static std::map<std::string, std::vector<float>> known;
    auto& sorted = known[shape];
    if (sorted.empty()) {
        sorted = test::levelData(shape, 1'000'000, 1);
        for (std::size_t i = 1; i < sorted.size(); ++i) // a million distinct ones: duplicates move up a bit
            sorted[i] = std::max(sorted[i], std::nextafter(sorted[i - 1], HUGE_VALF));
    }
    return sorted;
}

void optimal(benchmark::State& state, const std::string& shape) {
    for (auto _ : state) {
        const IntervalCost cost(values(shape));
        benchmark::DoNotOptimize(optimalLevels(cost, 16));
    }
}

void candidates(benchmark::State& state, const std::string& shape) {
    for (auto _ : state) {
        const IntervalCost cost(values(shape), candidatePoints(values(shape), 1024));
        benchmark::DoNotOptimize(optimalLevels(cost, 16));
    }
}

void greedy(benchmark::State& state, const std::string& shape) {
    for (auto _ : state) {
        const IntervalCost cost(values(shape));
        benchmark::DoNotOptimize(greedyLevels(cost, 15));
    }
}

[[maybe_unused]] const bool kRegistered = [] {
    for (const auto& shape : test::levelDataShapes())
        for (const auto& [name, run] :
             {std::pair{"optimal", &optimal}, {"candidates:1024", &candidates}, {"greedy", &greedy}})
            benchmark::RegisterBenchmark((std::string(name) + "/" + shape).c_str(), run, shape)
                ->Unit(benchmark::kMillisecond);
    return true;
}();

} // namespace
