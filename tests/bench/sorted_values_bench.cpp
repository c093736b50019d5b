// What the Quantizer page waits for: a selection's values made ready, their histogram, and the variance of
// levels while one of them is dragged. The first one's argument: features in a row of the data set.

#include "core/quant/sorted_values.h"
#include "tests/support/level_data.h"

#include <benchmark/benchmark.h>

using namespace zipml;

namespace {

constexpr std::size_t kValues = 5'000'000;

const Dataset& data(std::size_t features) {
    static Dataset set;
    if (set.features != features) {
        set.features = features;
        set.rows = kValues;
        const auto column = test::levelData("heavy-tailed", 100'000, 1);
        set.values.resize(set.rows * features);
        std::uint32_t state = 1;
        for (float& value : set.values) {
            state = state * 1664525U + 1013904223U;
            value = column[(state >> 8U) % column.size()] + static_cast<float>(state >> 20U) * 0x1p-20F;
        }
    }
    return set;
}

const SortedValues& sorted() {
    static ThreadTeam team;
    static const SortedValues values(valuesOf(data(1), 0, kValues, team), team);
    return values;
}

/// From the data set to a histogram: gather, sort, sums, counts.
void fromDataToHistogram(benchmark::State& state) {
    const Dataset& set = data(static_cast<std::size_t>(state.range(0)));
    ThreadTeam team;
    for (auto _ : state) {
        const SortedValues values(valuesOf(set, 0, kValues, team), team);
        benchmark::DoNotOptimize(values.histogram(values.low(), values.high(), 200));
    }
}

void histogram(benchmark::State& state) {
    const SortedValues& values = sorted();
    for (auto _ : state)
        benchmark::DoNotOptimize(
            values.histogram(values.low(), values.high(), static_cast<std::size_t>(state.range(0))));
}

/// One of 2^bits levels moves.
void varianceOfDraggedLevels(benchmark::State& state) {
    const SortedValues& values = sorted();
    const auto count = std::size_t{1} << static_cast<unsigned>(state.range(0));
    std::vector<double> levels(count);
    for (std::size_t i = 0; i < count; ++i)
        levels[i] = values.low() +
                    (values.high() - values.low()) * static_cast<double>(i) / static_cast<double>(count - 1);
    double step = (levels[1] - levels[0]) * 1e-3;
    for (auto _ : state) {
        if (count > 2)
            levels[1] += step = -step;
        benchmark::DoNotOptimize(values.meanRoundingVariance(levels));
    }
}

BENCHMARK(fromDataToHistogram)
    ->Arg(1)
    ->Arg(8)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(histogram)->Arg(200)->Arg(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(varianceOfDraggedLevels)->Arg(4)->Arg(8)->Unit(benchmark::kMicrosecond);

} // namespace
