// Throughput of a training epoch by estimator and bits, row by row (sgd.h).
// Values are samples' values (rows * features); MB are the store's bytes as read.

#include "core/data/synthetic.h"
#include "core/estimate/sample_source.h"
#include "core/solve/sgd.h"
#include "tests/support/random_data.h"

#include <benchmark/benchmark.h>

#include <numeric>

using namespace zipml;

namespace {

const Dataset& data() {
    static const Dataset set = generate({90, 100'000, 1}).train;
    return set;
}

void count(benchmark::State& state, std::uint64_t bytes) {
    const auto values = static_cast<double>(data().values.size());
    state.counters["values/s"] =
        benchmark::Counter(values * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}

void epoch(benchmark::State& state, const SampleSource& source, const GradientMethod& method,
           std::uint64_t bytes) {
    ThreadTeam team(1);
    RunControl control;
    auto model = LinearParameters::zero(90);
    EpochPlan plan{16, 1e-3, RowOrder::File, true, 1, 1, {}};
    for (auto _ : state) {
        runEpoch(plan, source, method, data().labels, model, team, control, [](double) {});
        ++plan.epoch;
    }
    count(state, bytes);
}

void fullEpoch(benchmark::State& state) {
    epoch(state, ExactSource(data()), GradientMethod(EstimatorKind::Full),
          data().values.size() * sizeof(float));
}

void quantizedEpoch(benchmark::State& state, EstimatorKind kind) {
    const Estimator& estimator = estimatorOf(kind);
    const int bits = static_cast<int>(state.range(0));
    SampleStore store(data().rows, test::uniformGrids(data(), bits),
                      {bits, estimator.copies, estimator.rounding, 1});
    ThreadTeam team(1);
    store.build(data(), 0, team);
    epoch(state, StoreSource(store, 1), GradientMethod(kind), store.bytes());
}

void buildStore(benchmark::State& state) {
    const int bits = static_cast<int>(state.range(0));
    SampleStore store(data().rows, test::uniformGrids(data(), bits), {bits, 2, Rounding::Stochastic, 1});
    ThreadTeam team(1);
    std::uint32_t draw = 0;
    for (auto _ : state)
        store.build(data(), draw++, team);
    count(state, store.bytes());
}

BENCHMARK(fullEpoch)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(quantizedEpoch, naive, EstimatorKind::Naive)
    ->DenseRange(2, 8, 2)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(quantizedEpoch, double, EstimatorKind::Double)
    ->DenseRange(2, 8, 2)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(buildStore)->Arg(4)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
