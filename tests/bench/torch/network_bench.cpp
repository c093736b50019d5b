// A minibatch of cifar10_quick: the lab's trainer beside the same network written as one would with
// libtorch's own modules and optimizer, on the same libtorch and as many threads. images/s by the clock and
// by processor time; the latter is what compares on a busy machine. Run it with OMP_WAIT_POLICY=passive, as
// the programs set it for themselves: libgomp reads it before main.

#include "core/deep/trainer.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <ctime>

using namespace zipml;
using namespace zipml::deep;

namespace {

constexpr int kBatch = 100;

const ImageData& data() {
    static const ImageData set = loadImageData("shapes:2000", 1, 0, 1);
    return set;
}

double processorSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Step>
void measure(benchmark::State& state, const Step& step) {
    for (int i = 0; i < 3; ++i)
        step();
    const double begin = processorSeconds();
    for (auto _ : state)
        step();
    const double images = static_cast<double>(state.iterations()) * kBatch;
    state.counters["images/s"] = benchmark::Counter(images, benchmark::Counter::kIsRate);
    state.counters["images/CPU-s"] = images / (processorSeconds() - begin);
}

void plainTorch(benchmark::State& state) {
    namespace nn = torch::nn;
    const int threads = static_cast<int>(state.range(0));
    torch::set_num_threads(threads);
    const auto convolution = [](int in, int out) {
        return nn::Conv2d(nn::Conv2dOptions(in, out, 5).padding(2));
    };
    const auto average = [] { return nn::AvgPool2d(nn::AvgPool2dOptions(3).stride(2).ceil_mode(true)); };
    nn::Sequential network(convolution(3, 32),
                           nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2).ceil_mode(true)), nn::ReLU(),
                           convolution(32, 32), nn::ReLU(), average(), convolution(32, 64), nn::ReLU(),
                           average(), nn::Flatten(), nn::Linear(1024, 64), nn::Linear(64, 10));
    torch::optim::SGD optimizer(network->parameters(),
                                torch::optim::SGDOptions(0.001).momentum(0.9).weight_decay(0.004));
    const auto count = static_cast<std::int64_t>(data().train.size());
    auto pixels = torch::empty({count, 3, 32, 32});
    std::copy(data().train.pixels.begin(), data().train.pixels.end(), pixels.data_ptr<float>());
    pixels = pixels - pixels.mean(0, true);
    auto labels = torch::empty({count}, torch::kInt64);
    std::copy(data().train.labels.begin(), data().train.labels.end(), labels.data_ptr<std::int64_t>());
    torch::Tensor order;
    std::int64_t next = count;
    measure(state, [&] {
        if (next + kBatch > count) {
            order = torch::randperm(count);
            next = 0;
        }
        const auto chosen = order.slice(0, next, next + kBatch);
        next += kBatch;
        optimizer.zero_grad();
        const auto loss = torch::nn::functional::cross_entropy(
            network->forward(pixels.index_select(0, chosen)), labels.index_select(0, chosen));
        loss.backward();
        optimizer.step();
        benchmark::DoNotOptimize(loss.item<double>());
    });
}

void lab(benchmark::State& state, WeightMethod method, Rounding rounding = Rounding::Nearest) {
    DeepSpec spec;
    spec.weights = method;
    spec.rounding = rounding;
    spec.iterations = 1'000'000;
    spec.threads = static_cast<int>(state.range(0));
    Trainer trainer(spec, data());
    measure(state, [&] { trainer.step(); });
    state.counters["quantizer %"] = 100 * trainer.training().quantizerSeconds / trainer.training().seconds;
}

void onThreads(benchmark::internal::Benchmark* benchmark) {
    benchmark->Unit(benchmark::kMillisecond)->UseRealTime()->Arg(1)->Arg(2);
}

BENCHMARK(plainTorch)->Apply(onThreads);
BENCHMARK_CAPTURE(lab, full, WeightMethod::Full)->Apply(onThreads);
BENCHMARK_CAPTURE(lab, xnor, WeightMethod::Xnor)->Apply(onThreads);
BENCHMARK_CAPTURE(lab, heuristic, WeightMethod::Heuristic)->Apply(onThreads);
BENCHMARK_CAPTURE(lab, optimal, WeightMethod::Optimal)->Apply(onThreads);
BENCHMARK_CAPTURE(lab, optimal_at_random, WeightMethod::Optimal, Rounding::Stochastic)->Apply(onThreads);
BENCHMARK_CAPTURE(lab, lloyd_max, WeightMethod::LloydMax)->Apply(onThreads);
BENCHMARK_CAPTURE(lab, lsq, WeightMethod::Lsq)->Apply(onThreads);

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
