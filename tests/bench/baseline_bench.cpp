// Float32 training out of cache on one thread, beside the read bandwidth: FloatSgd, and the same minibatch
// SGD written with Eigen and with OpenBLAS (openblas_bench.cpp). Values are samples' values (rows *
// features).

#include "tests/bench/baseline.h"

#include "core/bench/contestant.h"
#include "core/bench/read_bandwidth.h"
#include "core/kernels/cpu.h"
#include "core/solve/float_sgd.h"

#include <benchmark/benchmark.h>

#include <string>

namespace zipml::test {
namespace {

constexpr std::size_t kBatch =
    256; ///< rows: favours Eigen and OpenBLAS, whose two products then share the cache

constexpr std::size_t kFeatures[] = {90, 1024, 5000};
constexpr double kStepTimesFeatures = 1e-3;

std::size_t workingSet() {
    return 10 * cacheSizes().last;
}

/// The rows of one number of features at a time.
const Dataset& rowsOf(std::size_t features) {
    static ThreadTeam team(1);
    static std::unique_ptr<RepeatedData> data;
    static std::size_t held = 0;
    if (held != features) {
        data.reset(); // its memory first
        data = std::make_unique<RepeatedData>(features, workingSet(), kBatch, team);
        held = features;
    }
    return data->rows();
}

void count(benchmark::State& state, const Dataset& data) {
    const auto values = static_cast<std::int64_t>(data.values.size());
    state.counters["values/s"] = benchmark::Counter(
        static_cast<double>(values) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    state.SetBytesProcessed(values * static_cast<std::int64_t>(sizeof(float)) * state.iterations());
}

void readBandwidth(benchmark::State& state) {
    ThreadTeam team(1);
    ReadBandwidth bandwidth(workingSet(), team);
    bandwidth.chooseWay(5, {});
    for (auto _ : state)
        bandwidth.measure();
    state.SetBytesProcessed(static_cast<std::int64_t>(workingSet()) * state.iterations());
    state.SetLabel(bandwidth.way());
}

void floatSgd(benchmark::State& state, std::size_t features) {
    const Dataset& data = rowsOf(features);
    ThreadTeam team(1);
    RunControl control;
    const GradientMethod method(EstimatorKind::Full);
    const EpochPlan plan{
        kBatch, kStepTimesFeatures / static_cast<double>(features), RowOrder::File, false, 1, 1, {}};
    FloatSgd solver(data, data.labels, plan.batch, method, team);
    auto model = LinearParameters::zero(static_cast<Eigen::Index>(features));
    for (auto _ : state)
        solver.runEpoch(
            plan, model, control, [](double) {}, nullptr);
    count(state, data);
}

void baseline(benchmark::State& state, BaselineStep step, std::size_t features) {
    const Dataset& data = rowsOf(features);
    const std::size_t batch = kBatch;
    std::vector<float> model(features), residuals(batch), gradient(features);
    const auto stepSize =
        static_cast<float>(kStepTimesFeatures / static_cast<double>(features) / static_cast<double>(batch));
    for (auto _ : state) {
        for (std::size_t row = 0; row < data.rows; row += batch)
            step({data.row(row).data(), data.labels.data() + row, batch, features, stepSize, model.data(),
                  residuals.data(), gradient.data()});
        benchmark::ClobberMemory();
    }
    count(state, data);
}

[[maybe_unused]] const bool kRegistered = [] {
    benchmark::AddCustomContext("Eigen's instruction sets", eigenInstructionSets());
    benchmark::RegisterBenchmark("baseline/read", readBandwidth)->Unit(benchmark::kMillisecond);
    for (const std::size_t features : kFeatures)
        benchmark::RegisterBenchmark(("baseline/zipml/" + std::to_string(features)).c_str(), floatSgd,
                                     features)
            ->Unit(benchmark::kMillisecond);
    return registerBaseline("eigen", eigenStep);
}();

} // namespace

bool registerBaseline(const char* name, BaselineStep step) {
    for (const std::size_t features : kFeatures)
        benchmark::RegisterBenchmark(
            ("baseline/" + std::string(name) + "/" + std::to_string(features)).c_str(), baseline, step,
            features)
            ->Unit(benchmark::kMillisecond);
    return true;
}

} // namespace zipml::test
