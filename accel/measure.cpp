#include "accel/measure.h"

#include "accel/batch_kernels.h"
#include "accel/evaluator.h"
#include "accel/quantizer.h"
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
        const std::size_t bytes = sample_.values.size() * sizeof(float);
        BatchKernels kernels(context_, method, shapeOf(bytes), BatchSamples::rows(options_.features));
        return time(kernels, DeviceBuffer<float>(context_, std::span<const float>(sample_.values)).get(),
                    bytes, "epoch, full", 32);
    }

    DeviceRate packed(EstimatorKind kind, int bits) {
        const GradientMethod method(kind);
        const auto grids = buildGrids(sample_, {}, bits, false, team_);
        const StoreOptions options{bits, method.copies, Rounding::Stochastic, 1};
        DeviceQuantizer quantizer(context_, grids, options,
                                  trainingLayout(sample_.features, method, options));
        const DeviceBuffer<float> rows(context_, std::span<const float>(sample_.values));
        const DeviceBuffer<unsigned char> codes(context_, TileLayout::tilesOf(sample_.rows) *
                                                              quantizer.layout().tileBytes());
        quantizer.build(rows, sample_.rows, 0, codes);
        BatchKernels kernels(context_, method, shapeOf(codes.size()),
                             BatchSamples::codes(method, grids, options));
        return time(kernels, codes.get(), codes.size(), "epoch, " + std::string(nameOf(kind)),
                    quantizer.layout().bits());
    }

    /// Rounding and packing of float32 rows, once, to `bits` bits.
    DeviceRate quantize(int bits) {
        const auto grids = buildGrids(sample_, {}, bits, false, team_);
        const StoreOptions options{bits, 1, Rounding::Stochastic, 1};
        DeviceQuantizer quantizer(context_, grids, options, SampleStore::layoutOf(sample_.features, options));
        const DeviceRows rows(context_, sample_);
        const DeviceBuffer<unsigned char> codes(context_, TileLayout::tilesOf(sample_.rows) *
                                                              quantizer.layout().tileBytes());
        std::uint32_t epoch = 0;
        const double seconds = medianSeconds(options_.repeats, [&] {
            quantizer.build(rows.values, sample_.rows, ++epoch, codes);
            openCl("finish rounding on " + context_.info.name, [&] { context_.queue.finish(); });
        });
        const auto values = static_cast<double>(sample_.values.size());
        return {"quantize, " + std::to_string(bits) + " bits", bits, values / seconds,
                (values * sizeof(float) + static_cast<double>(codes.size())) / seconds, 1};
    }

    /// The loss on float32 rows.
    DeviceRate evaluate() {
        const std::size_t times = copies(sample_.values.size() * sizeof(float));
        Dataset data = sample_;
        data.rows = times * sample_.rows;
        data.values.reserve(times * sample_.values.size());
        data.labels.reserve(data.rows);
        for (std::size_t i = 1; i < times; ++i) {
            data.values.insert(data.values.end(), sample_.values.begin(), sample_.values.end());
            data.labels.insert(data.labels.end(), sample_.labels.begin(), sample_.labels.end());
        }
        const DeviceRows rows(context_, data);
        const DeviceBuffer<double> model(context_, std::vector<double>(data.features + 1, 0.5));
        DeviceEvaluator evaluator(context_);
        const double seconds = medianSeconds(options_.repeats, [&] { evaluator.evaluate(rows, model); });
        const auto values = static_cast<double>(data.values.size());
        return {"evaluate, float32", 32, values / seconds, values * sizeof(float) / seconds, 1};
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

    [[nodiscard]] BatchShape shapeOf(std::size_t blockBytes) const {
        return {options_.features, copies(blockBytes) * kSampleRows, options_.batch};
    }

    /// @param block the samples, over and over again
    DeviceRate time(BatchKernels& kernels, const cl::Buffer& block, std::size_t blockBytes, std::string name,
                    int bits) {
        const std::size_t times = copies(blockBytes), rows = times * kSampleRows;
        const DeviceBuffer<unsigned char> samples(context_, times * blockBytes);
        const DeviceBuffer<float> labels(context_, rows);
        const DeviceBuffer<float> firstLabels(context_, std::span<const float>(sample_.labels));
        openCl("fill the memory of " + context_.info.name, [&] {
            for (std::size_t i = 0; i < times; ++i) {
                context_.queue.enqueueCopyBuffer(block, samples.get(), 0, i * blockBytes, blockBytes);
                context_.queue.enqueueCopyBuffer(firstLabels.get(), labels.get(), 0,
                                                 i * kSampleRows * sizeof(float),
                                                 kSampleRows * sizeof(float));
            }
        });
        kernels.setData(samples.get(), labels.get());
        kernels.samplesChanged();
        kernels.setModel(LinearParameters::zero(static_cast<Eigen::Index>(options_.features)));
        EpochPlan plan;
        plan.batch = std::min(options_.batch, rows);
        plan.step = 1e-4;
        const std::size_t batches = (rows + plan.batch - 1) / plan.batch;
        const double seconds = medianSeconds(options_.repeats, [&] {
            kernels.beginEpoch(plan, batchOrder(plan, batches));
            kernels.enqueue(0, batches);
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
    constexpr double kSteps = 10;
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
    add(measurement.quantize(4));
    add(measurement.evaluate());
    return rates;
}

} // namespace zipml
