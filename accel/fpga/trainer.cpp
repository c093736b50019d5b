#include "accel/fpga/trainer.h"

#include "accel/driver_check.h"
#include "accel/fpga/fit.h"
#include "accel/fpga/image.h"
#include "accel/fpga/self_test.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace zipml {
namespace {

/// What OpenCL reports in the middle of a run.
template <class Work>
decltype(auto) onDevice(Work&& work) {
    try {
        return work();
    } catch (const OpenClError& error) {
        throw DeviceError(error.what());
    }
}

/// Between a model of the lab's and the pipeline's in Q8.23, whose labels are divided by 2^labelShift.
class ModelForm {
  public:
    ModelForm(bool intercept, int labelShift)
        : intercept_(intercept), exponent_(labelShift - kFpgaFractionBits) {}

    [[nodiscard]] std::vector<std::int32_t> fromLab(const LinearParameters& model) const {
        std::vector<std::int32_t> numbers;
        if (intercept_)
            numbers.push_back(number(model.intercept));
        for (const double weight : model.weights)
            numbers.push_back(number(weight));
        return numbers;
    }
    [[nodiscard]] LinearParameters toLab(std::span<const std::int32_t> numbers) const {
        LinearParameters model;
        if (intercept_)
            model.intercept = weight(numbers.front());
        const auto weights = numbers.subspan(intercept_ ? 1 : 0);
        model.weights.resize(static_cast<Eigen::Index>(weights.size()));
        std::ranges::transform(weights, model.weights.begin(),
                               [this](std::int32_t each) { return weight(each); });
        return model;
    }

  private:
    [[nodiscard]] std::int32_t number(double weight) const {
        const double scaled = std::ldexp(weight, -exponent_);
        return static_cast<std::int32_t>(std::clamp(std::nearbyint(scaled), -0x1p31, 0x1p31 - 1));
    }
    [[nodiscard]] double weight(std::int32_t number) const {
        return std::ldexp(static_cast<double>(number), exponent_);
    }

    bool intercept_;
    int exponent_; ///< of a unit
};

class FpgaTrainer final : public DeviceTrainer {
  public:
    FpgaTrainer(FpgaPipeline pipeline, std::string device, const DeviceTask& task)
        : pipeline_(std::move(pipeline)), device_(std::move(device)), task_(task),
          labelShift_(fpgaLabelShift(task.train.labels)), team_(task.threads) {}

    /// After build().
    [[nodiscard]] std::string kernels() const override {
        const FpgaDesign& design = pipeline_.design();
        return "fpga pipeline " + design.name() + (design.isFloat() ? ", model in" : ", fixed point") +
               " Q8.23" + ", model stale by " + std::to_string(pipeline_.usualDelay()) + " rows" +
               (labelShift_ > 0 ? ", labels by 2^-" + std::to_string(labelShift_) : std::string{}) + ", " +
               device_;
    }

    [[nodiscard]] std::optional<std::uint64_t> sampleBytes() const override {
        const FpgaDesign& design = pipeline_.design();
        const std::size_t lines =
            task_.train.rows * fpgaLinesPerRow(design, task_.train.features + (task_.intercept ? 1 : 0));
        return (lines * kFpgaLineWords - task_.train.rows) * sizeof(std::uint32_t); // a label a row
    }

    void build(std::uint32_t epoch) override {
        const FpgaLines lines =
            linesOf(pipeline_.design(), task_.train, task_.intercept, labelShift_, task_.store.seed, epoch);
        onDevice([&] { pipeline_.load(lines); });
    }

    /// A stop or a pause is heeded between epochs: a pipeline that has begun runs to its end.
    bool runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                  const std::function<void(double)>& onProgress, TailAverage* /*none: fit.cpp*/) override {
        if (!control.waitIfPaused())
            return false;
        const bool held = run(plan, model);
        onProgress(1);
        return held;
    }

    Evaluation evaluate(Rows rows, const LinearParameters& model) override {
        return zipml::evaluate(rows == Rows::Train ? task_.train : task_.test, task_.method.loss, model,
                               team_);
    }

  private:
    /// @return whether the model held: fixed point wraps around where float becomes infinite, so that numbers
    /// in the outer half of their range, where labels are in its inner quarter, count as overflow
    bool run(const EpochPlan& plan, LinearParameters& model) {
        const ModelForm form(task_.intercept, labelShift_);
        std::vector<std::int32_t> numbers = form.fromLab(model);
        const FpgaEpoch epoch{fpgaStepShift(plan.step, plan.batch),
                              static_cast<std::uint32_t>(plan.batch - 1), pipeline_.usualDelay()};
        onDevice([&] { pipeline_.run(epoch, std::span<std::int32_t>(numbers)); });
        model = form.toLab(numbers);
        return std::ranges::all_of(numbers,
                                   [](std::int32_t each) { return each > -(1 << 30) && each < 1 << 30; });
    }

    FpgaPipeline pipeline_;
    std::string device_;
    DeviceTask task_;
    int labelShift_;
    ThreadTeam team_;
};

class FpgaComputeDevice final : public ComputeDevice {
  public:
    explicit FpgaComputeDevice(FpgaDevice device) : device_(std::move(device)), context_(device_.device) {}

    [[nodiscard]] std::optional<std::vector<Grid>> grids(const RunSpec& spec,
                                                         const Dataset& train) const override {
        return std::vector<Grid>(train.features, fpgaGrid(fpgaDesignFor(spec, train)));
    }
    [[nodiscard]] DeviceStep automaticStep(double step, const RunSpec& spec,
                                           const Dataset& train) const override {
        const FpgaDesign design = fpgaDesignFor(spec, train);
        const std::size_t delay =
            fpgaStaleRows(design, fpgaLinesPerRow(design, train.features + (spec.intercept ? 1 : 0)));
        const double share = fpgaStableShare(spec.sgd.batch, delay);
        std::string note = "automatic, down to a power of two, which the pipeline shifts by";
        if (share < 1)
            note += ", of what a model that is stale by " + std::to_string(delay) + " rows allows";
        return {fpgaStepBelow(share * step), note};
    }
    std::unique_ptr<DeviceTrainer> makeTrainer(const DeviceTask& task) override {
        const bool exact = task.grids.empty();
        const FpgaDesign design{exact ? 32 : task.store.bits, exact || task.grids.front().low() == 0};
        if (!device_.emulated)
            requireDesign(design);
        return makeFpgaTrainer(makePipeline(context_, device_, design), device_.name(), task);
    }

  private:
    /// An image is taken for what its name says; before it trains, it has to be.
    void requireDesign(const FpgaDesign& design) const {
        const auto images = listFpgaImages(device_.images);
        const auto image =
            std::ranges::find(images, design.name(), [](const auto& each) { return each.design.name(); });
        if (image == images.end())
            return; // which loading says
        checkFpgaImage(*image);
        const DriverVerdict verdict = checkImage(device_.device, design.name(), device_.images, {});
        if (!verdict.passed())
            throw InputError(image->file.string() + ": is no image of the design " + design.name() + ": " +
                             verdict.failure + "; build it anew, or name another folder of images");
    }

    FpgaDevice device_;
    ComputeContext context_;
};

class FpgaBackend final : public ComputeBackend {
  public:
    [[nodiscard]] std::string prefix() const override { return "fpga"; }
    [[nodiscard]] std::vector<ComputeDeviceInfo> list() const override {
        std::vector<ComputeDeviceInfo> all;
        for (const FpgaDevice& device : listFpgaDevices())
            all.push_back({"fpga:" + std::to_string(all.size()), "fpga:" + device.fullName(), device.name(),
                           device.device.type});
        return all;
    }
    void addConflicts(const Situation& at, std::vector<Conflict>& conflicts) const override {
        addFpgaConflicts(at, conflicts);
    }
    [[nodiscard]] std::string nameOf(std::string_view which) const override {
        return "fpga:" + fpgaDevice(which).fullName();
    }
    [[nodiscard]] std::unique_ptr<ComputeDevice> open(std::string_view which, const Job& job) const override {
        FpgaDevice device = fpgaDevice(which);
        if (device.emulated) // a board takes images, which are checked when they are loaded
            requireSound(device.device, job);
        return std::make_unique<FpgaComputeDevice>(std::move(device));
    }
};

} // namespace

FpgaLines linesOf(const FpgaDesign& design, const Dataset& data, bool intercept, int labelShift,
                  std::uint64_t seed, std::uint32_t epoch) {
    const std::size_t features = data.features + (intercept ? 1 : 0);
    std::vector<float> values, labels;
    values.reserve(data.rows * features);
    labels.reserve(data.rows);
    for (std::size_t r = 0; r < data.rows; ++r) {
        if (intercept)
            values.push_back(1);
        const auto row = data.row(r);
        values.insert(values.end(), row.begin(), row.end());
        labels.push_back(std::ldexp(data.labels[r], -labelShift));
    }
    return packFpgaLines(design, values, labels, features, seed, epoch);
}

std::unique_ptr<DeviceTrainer> makeFpgaTrainer(FpgaPipeline pipeline, const std::string& device,
                                               const DeviceTask& task) {
    return std::make_unique<FpgaTrainer>(std::move(pipeline), device, task);
}

std::unique_ptr<ComputeBackend> fpgaBackend() {
    return std::make_unique<FpgaBackend>();
}

} // namespace zipml
