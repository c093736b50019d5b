#include "accel/trainer.h"

#include "accel/batch_kernels.h"
#include "accel/driver_check.h"
#include "accel/evaluator.h"
#include "accel/opencl_rules.h"
#include "accel/quantizer.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace zipml {
namespace {

/// Time between two looks at the run's control.
constexpr std::chrono::milliseconds kStretch{20};

/// What OpenCL reports in the middle of a run.
template <class Work>
decltype(auto) onDevice(Work&& work) {
    try {
        return work();
    } catch (const OpenClError& error) {
        throw DeviceError(error.what());
    }
}

class OpenClTrainer final : public DeviceTrainer {
  public:
    OpenClTrainer(const ComputeContext& context, const DeviceTask& task)
        : context_(context), task_(task), train_(context, task.train), evaluator_(context, task.method.loss) {
        if (task.test.rows > 0)
            test_.emplace(context, task.test);
        const BatchShape shape{train_.features, train_.rows, task.batch};
        if (task.grids.empty()) {
            batches_.emplace(context, task.method, shape, BatchSamples::rows(shape.features));
            batches_->setData(train_.values.get(), train_.labels.get());
            warmUp();
            return;
        }
        const TileLayout layout = trainingLayout(shape.features, task.method, task.store);
        quantizer_.emplace(context, task.grids, task.store, layout);
        codes_ = DeviceBuffer<unsigned char>(context, TileLayout::tilesOf(train_.rows) * layout.tileBytes());
        batches_.emplace(context, task.method, shape,
                         BatchSamples::codes(task.method, task.grids, task.store));
        batches_->setData(codes_.get(), train_.labels.get());
        openCl("clear codes on " + context_.info.name,
               [&] { context_.queue.enqueueFillBuffer(codes_.get(), cl_uchar{0}, 0, codes_.size()); });
        warmUp();
    }

    [[nodiscard]] std::string kernels() const override {
        return std::string("opencl, ") + (quantizer_ ? "packed, float32, " : "float32 rows, ") +
               (groupingFor(context_.info).shared() ? "work-groups, " : "") + context_.info.name;
    }

    void build(std::uint32_t epoch) override {
        if (quantizer_)
            onDevice([&] {
                quantizer_->build(train_.values, train_.rows, epoch, codes_);
                batches_->samplesChanged();
                finish();
            });
    }

    bool runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                  const std::function<void(double)>& onProgress, TailAverage* average) override {
        return onDevice([&] {
            const std::size_t size = std::min(plan.batch, train_.rows);
            const std::size_t batches = (train_.rows + size - 1) / size;
            batches_->setModel(model);
            batches_->beginEpoch(plan, batchOrder(plan, batches), average);
            std::size_t stretch = 1; // batches
            for (std::size_t begin = 0, end = 0; begin < batches; begin = end) {
                const std::size_t admitted = control.admitBatches(stretch);
                if (admitted == 0)
                    return false;
                end = std::min(batches, begin + admitted);
                const auto started = std::chrono::steady_clock::now();
                batches_->enqueue(begin, end);
                finish();
                const auto took = std::chrono::steady_clock::now() - started;
                if (took < kStretch / 2)
                    stretch *= 2;
                else if (took > 2 * kStretch)
                    stretch = std::max<std::size_t>(1, stretch / 2);
                if (control.steppedBatch())
                    model = batches_->model();
                onProgress(static_cast<double>(end) / static_cast<double>(batches));
                if (control.steppedBatch()) // who looked at it may have evaluated another model, the average
                    batches_->setModel(model);
            }
            model = batches_->model();
            if (!model.finite())
                return false;
            if (average != nullptr)
                batches_->finishAverage(*average, batches);
            return true;
        });
    }

    Evaluation evaluate(Rows rows, const LinearParameters& model) override {
        return onDevice([&] {
            batches_->setModel(model);
            return evaluator_.evaluate(rows == Rows::Train ? train_ : *test_, batches_->modelBuffer());
        });
    }

  private:
    /// A step of size 0 on a batch: drivers compile a kernel when it is first launched, and that is no training.
    void warmUp() {
        EpochPlan plan;
        plan.step = 0;
        plan.batch = task_.batch;
        const std::size_t batches = (train_.rows + task_.batch - 1) / task_.batch;
        batches_->setModel(LinearParameters::zero(static_cast<Eigen::Index>(train_.features)));
        batches_->beginEpoch(plan, batchOrder(plan, batches), nullptr);
        batches_->enqueue(0, 1);
        finish();
    }

    void finish() const {
        openCl("finish work on " + context_.info.name, [&] { context_.queue.finish(); });
    }

    const ComputeContext& context_;
    DeviceTask task_;
    DeviceRows train_;
    std::optional<DeviceRows> test_;
    DeviceEvaluator evaluator_;
    std::optional<DeviceQuantizer> quantizer_;
    DeviceBuffer<unsigned char> codes_;
    std::optional<BatchKernels> batches_;
};

/// The kernels keep the model in them.
void requireDoubles(const OpenClDevice& device) {
    if (!device.doubles)
        throw InputError(
            "device: " + device.fullName + " has no 64-bit floats" +
            (device.platform == "rusticl" ? " (Mesa offers them where RUSTICL_FEATURES=fp64 is set)" : "") +
            "; use device cpu");
}

class OpenClComputeDevice final : public ComputeDevice {
  public:
    explicit OpenClComputeDevice(const OpenClDevice& device) : context_(device) {}
    std::unique_ptr<DeviceTrainer> makeTrainer(const DeviceTask& task) override {
        return makeOpenClTrainer(context_, task);
    }

  private:
    ComputeContext context_;
};

class OpenClBackend final : public ComputeBackend {
  public:
    [[nodiscard]] std::string prefix() const override { return "opencl"; }
    [[nodiscard]] std::vector<ComputeDeviceInfo> list() const override {
        std::vector<ComputeDeviceInfo> all;
        for (const OpenClDevice& device : listOpenClDevices())
            all.push_back({"opencl:" + std::to_string(all.size()), "opencl:" + device.fullName, device.name,
                           device.type});
        return all;
    }
    void addConflicts(const Situation& at, std::vector<Conflict>& conflicts) const override {
        zipml::addConflicts(openClRules(), at, conflicts);
    }
    [[nodiscard]] std::string nameOf(std::string_view which) const override {
        return "opencl:" + openClDevice(which).fullName;
    }
    [[nodiscard]] std::unique_ptr<ComputeDevice> open(std::string_view which, const Job& job) const override {
        const OpenClDevice device = openClDevice(which);
        requireDoubles(device);
        requireSound(device, job);
        return std::make_unique<OpenClComputeDevice>(device);
    }
};

} // namespace

std::vector<unsigned char> quantizeOnDevice(const ComputeContext& context, const Dataset& data,
                                            std::span<const Grid> grids, const StoreOptions& options,
                                            std::uint32_t epoch) {
    DeviceQuantizer quantizer(context, grids, options, SampleStore::layoutOf(grids.size(), options));
    const DeviceBuffer<float> values(context, std::span<const float>(data.values));
    const DeviceBuffer<unsigned char> codes(context,
                                            TileLayout::tilesOf(data.rows) * quantizer.layout().tileBytes());
    quantizer.build(values, data.rows, epoch, codes);
    return codes.read();
}

std::unique_ptr<DeviceTrainer> makeOpenClTrainer(const ComputeContext& context, const DeviceTask& task) {
    requireDoubles(context.info);
    requireOpenClGoes(task);
    return std::make_unique<OpenClTrainer>(context, task);
}

std::unique_ptr<ComputeBackend> openClBackend() {
    return std::make_unique<OpenClBackend>();
}

} // namespace zipml
