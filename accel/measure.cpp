#include "accel/measure.h"

#include "accel/batch_kernels.h"
#include "accel/programs.h"
#include "core/quant/build_grids.h"

#include <algorithm>
#include <chrono>

namespace zipml {
namespace {

constexpr std::size_t kSampleRows = 2048; ///< rows that are really different

double medianSeconds(int repeats, const std::function<void()>& work) {
    std::vector<double> seconds;
    for (int i = 0; i <= repeats; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        if (i > 0) // the first one warms up
            seconds.push_back(took.count());
    }
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
}

Dataset sampleRows(std::size_t features) {
    const RandomStream stream(1, Purpose::Synthetic, 1);
    Dataset data;
    data.name = "sample";
    data.rows = kSampleRows;
    data.features = features;
    data.values.resize(kSampleRows * features);
    for (std::size_t row = 0; row < kSampleRows; ++row) {
        for (std::size_t f = 0; f < features; ++f)
            data.values[row * features + f] = static_cast<float>(
                stream.uniform(static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(f)) - 0.5);
        data.labels.push_back(row % 2 == 0 ? 1.0F : -1.0F);
    }
    return data;
}

class Measurement {
  public:
    Measurement(const ComputeContext& context, const MeasureOptions& options)
        : context_(context), options_(options), sample_(sampleRows(options.features)) {}

    DeviceRate rows() {
        const GradientMethod method(EstimatorKind::Full);
        BatchKernels kernels(context_, method, options_.features, options_.batch);
        return time(kernels,
                    {reinterpret_cast<const unsigned char*>(sample_.values.data()),
                     sample_.values.size() * sizeof(float)},
                    "epoch, full", 32);
    }

    DeviceRate packed(EstimatorKind kind, int bits) {
        const GradientMethod method(kind);
        const auto grids = buildGrids(sample_, {}, bits, false, team_);
        const StoreOptions options{bits, method.copies, Rounding::Stochastic, 1};
        SampleStore store(sample_.rows, grids, options);
        store.build(sample_, 0, team_);
        BatchKernels kernels(context_, method, store.layout(), grids, options, options_.batch);
        return time(kernels, store.packed(), "epoch, " + std::string(nameOf(kind)), store.bitsPerCode());
    }

    /// @return bytes a second that are read, and that are read or written by a copy
    std::pair<double, double> bandwidth() {
        const std::size_t bytes = copies(1 << 20) << 20;
        const std::size_t chunks =
            context_.info.type == "cpu" ? 4 * std::size_t{context_.info.computeUnits} : 65'536;
        const DeviceBuffer<unsigned char> from(context_, bytes), to(context_, bytes);
        const DeviceBuffer<float> sums(context_, chunks);
        const cl::Program program = evaluateProgram(context_);
        cl::Kernel read = kernelOf(program, "readAll"), copy = kernelOf(program, "copyAll");
        const auto run = [&](cl::Kernel& kernel) {
            openCl("measure the bandwidth of " + context_.info.name, [&] {
                context_.enqueue(kernel, chunks);
                context_.queue.finish();
            });
        };
        openCl("prepare the kernels of " + context_.info.name, [&] {
            context_.queue.enqueueFillBuffer(from.get(), cl_uint{0}, 0, bytes);
            read.setArg(0, from.get());
            read.setArg(1, static_cast<cl_ulong>(bytes / sizeof(float)));
            read.setArg(2, static_cast<cl_uint>(chunks));
            read.setArg(3, sums.get());
            copy.setArg(0, from.get());
            copy.setArg(1, to.get());
            copy.setArg(2, static_cast<cl_ulong>(bytes / 64));
            copy.setArg(3, static_cast<cl_uint>(chunks));
        });
        const auto size = static_cast<double>(bytes);
        return {size / medianSeconds(options_.repeats, [&] { run(read); }),
                2 * size / medianSeconds(options_.repeats, [&] { run(copy); })};
    }

  private:
    [[nodiscard]] std::size_t copies(std::size_t bytes) const {
        return std::max<std::size_t>(1, (options_.megabytes << 20U) / bytes);
    }

    DeviceRate time(BatchKernels& kernels, std::span<const unsigned char> block, std::string name, int bits) {
        const std::size_t times = copies(block.size()), rows = times * kSampleRows;
        const DeviceBuffer<unsigned char> samples(context_, times * block.size());
        const DeviceBuffer<float> labels(context_, rows);
        const DeviceBuffer<unsigned char> first(context_, block);
        const DeviceBuffer<float> firstLabels(context_, std::span<const float>(sample_.labels));
        openCl("fill the memory of " + context_.info.name, [&] {
            for (std::size_t i = 0; i < times; ++i) {
                context_.queue.enqueueCopyBuffer(first.get(), samples.get(), 0, i * block.size(),
                                                 block.size());
                context_.queue.enqueueCopyBuffer(firstLabels.get(), labels.get(), 0,
                                                 i * kSampleRows * sizeof(float),
                                                 kSampleRows * sizeof(float));
            }
        });
        kernels.setData(samples.get(), labels.get());
        kernels.setModel(LinearParameters::zero(static_cast<Eigen::Index>(options_.features)), true);
        EpochPlan plan;
        plan.batch = std::min(options_.batch, rows);
        plan.step = 1e-4;
        const std::size_t batches = (rows + plan.batch - 1) / plan.batch;
        const double seconds = medianSeconds(options_.repeats, [&] {
            kernels.beginEpoch(plan.epoch);
            for (const std::uint32_t b : batchOrder(plan, batches)) {
                const std::size_t begin = b * plan.batch;
                kernels.enqueue(begin, std::min(plan.batch, rows - begin), plan.step, {});
            }
            openCl("finish an epoch on " + context_.info.name, [&] { context_.queue.finish(); });
            ++plan.epoch;
        });
        return {std::move(name), bits, static_cast<double>(rows * options_.features) / seconds,
                static_cast<double>(samples.size()) / seconds, 1};
    }

    const ComputeContext& context_;
    MeasureOptions options_;
    Dataset sample_;
    ThreadTeam team_{1};
};

} // namespace

DeviceRates measureDevice(const ComputeContext& context, const MeasureOptions& options,
                          const std::function<void(double, std::string_view)>& onProgress) {
    constexpr double kSteps = 8;
    Measurement measurement(context, options);
    DeviceRates rates;
    const auto report = [&](double done, const std::string& what) {
        if (onProgress)
            onProgress(done / kSteps, what);
    };
    report(0, "bandwidth");
    std::tie(rates.readBytesPerSecond, rates.copyBytesPerSecond) = measurement.bandwidth();
    const auto add = [&](DeviceRate rate) {
        const double baseline =
            rates.rows.empty() ? rate.valuesPerSecond : rates.rows.front().valuesPerSecond;
        rate.ratioToFloat32 = rate.valuesPerSecond / baseline;
        rates.rows.push_back(std::move(rate));
        report(static_cast<double>(rates.rows.size()), rates.rows.back().kernel);
    };
    add(measurement.rows());
    for (const int bits : {8, 4, 2, 1})
        add(measurement.packed(EstimatorKind::Naive, bits));
    for (const EstimatorKind kind : {EstimatorKind::DoubleMean, EstimatorKind::Double})
        add(measurement.packed(kind, 3));
    return rates;
}

} // namespace zipml
