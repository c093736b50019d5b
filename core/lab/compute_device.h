#pragma once
/// What a compute device other than this CPU's own kernels does for a run. The floor `accel` implements it
/// and `app` registers it, so that nobody here knows OpenCL.

#include "core/base/error.h"
#include "core/base/job.h"
#include "core/estimate/gradient_method.h"
#include "core/loss/evaluate.h"
#include "core/quant/sample_store.h"
#include "core/solve/epoch_runner.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace zipml {

struct Conflict;
struct RunSpec;
struct Situation;

/// The device failed in the middle of a run: what was complete stands.
class DeviceError : public RunError {
  public:
    using RunError::RunError;
};

/// What is fixed for a run. The referenced outlive the trainer.
struct DeviceTask {
    const Dataset& train;
    const Dataset& test;         ///< may have no rows
    std::span<const Grid> grids; ///< empty: float32 rows
    const GradientMethod& method;
    StoreOptions store; ///< of rounded samples
    std::size_t batch;  ///< rows
    bool intercept = true;
    int threads = 0; ///< for what is done here meanwhile; 0: every core
};

/// A run's data on a device, from its beginning to its end.
class DeviceTrainer : public EpochRunner {
  public:
    /// What runs an epoch: "opencl, packed, float32, NAME".
    [[nodiscard]] virtual std::string kernels() const = 0;
    /// Of samples that an epoch reads, without labels, where they are neither a SampleStore nor float32 rows.
    [[nodiscard]] virtual std::optional<std::uint64_t> sampleBytes() const { return std::nullopt; }
    /// Rounds all samples. @param epoch keys the draws. @throws DeviceError
    virtual void build(std::uint32_t epoch) = 0;
    /// @throws DeviceError
    bool runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                  const std::function<void(double)>& onProgress, TailAverage* average = nullptr) override = 0;
    enum class Rows { Train, Test };
    /// On the unquantized rows. @throws DeviceError
    virtual Evaluation evaluate(Rows rows, const LinearParameters& model) = 0;
};

/// A step size, and what is to be said of how it came about.
struct DeviceStep {
    double step;
    std::string note;
};

class ComputeDevice {
  public:
    virtual ~ComputeDevice() = default;
    /// The levels that the device rounds to, one grid a feature, where it has its own.
    [[nodiscard]] virtual std::optional<std::vector<Grid>> grids(const RunSpec& /*spec*/,
                                                                 const Dataset& /*train*/) const {
        return std::nullopt;
    }
    /// What the device makes of the automatic step size for these rows.
    [[nodiscard]] virtual DeviceStep automaticStep(double step, const RunSpec& /*spec*/,
                                                   const Dataset& /*train*/) const {
        return {step, {}};
    }
    /// @throws InputError where the device's kernels do not go with the task, saying why and what would.
    /// @throws RunError where it fails, such as when the data does not fit its memory
    virtual std::unique_ptr<DeviceTrainer> makeTrainer(const DeviceTask& task) = 0;
};

/// As lists show it.
struct ComputeDeviceInfo {
    std::string id;    ///< in short, as long as drivers do not change places: "opencl:0"
    std::string name;  ///< as a record has it: "opencl:NVIDIA H100 (NVIDIA CUDA 580.1)"
    std::string model; ///< "NVIDIA H100"
    std::string type;  ///< "cpu", "gpu", "accelerator" or "other"
};

/// A way to reach devices. They are called PREFIX:WHICH, where WHICH is a place in the list (0, 1, ...), a name
/// with platform and driver's version, or a part of one name only.
class ComputeBackend {
  public:
    virtual ~ComputeBackend() = default;
    [[nodiscard]] virtual std::string prefix() const = 0;
    [[nodiscard]] virtual std::vector<ComputeDeviceInfo> list() const = 0;
    /// The rules that a run on these devices breaks (rules.h). Asks no driver.
    virtual void addConflicts(const Situation& /*at*/, std::vector<Conflict>& /*conflicts*/) const {}
    /// ComputeDeviceInfo::name of the one that is meant. @throws InputError where there is none, listing what
    /// there is
    [[nodiscard]] virtual std::string nameOf(std::string_view which) const = 0;
    /// @param job of what comes first: a driver that nobody used yet is checked
    /// @throws InputError as nameOf, or where the device cannot be trusted; RunError where it cannot be opened
    [[nodiscard]] virtual std::unique_ptr<ComputeDevice> open(std::string_view which,
                                                              const Job& job) const = 0;
};

/// At the start of a program, before other threads.
void addComputeBackend(std::unique_ptr<ComputeBackend> backend);
/// Of all backends; asks the drivers.
std::vector<ComputeDeviceInfo> computeDevices();
/// This CPU without vector instructions, and row by row in float64: the definition that every kernel is held
/// against.
constexpr std::string_view kScalarDevice = "cpu-scalar", kReferenceDevice = "cpu-reference";
/// Whether a name could be a device's: cpu, cpu-scalar, cpu-reference, or PREFIX:WHICH of a backend. Asks no
/// driver.
bool isDeviceName(std::string_view name);
/// Whether it is one of a backend's.
bool isComputeDevice(std::string_view name);
/// Those of the backend of the situation's device; none of the cpu.
void addDeviceConflicts(const Situation& at, std::vector<Conflict>& conflicts);
/// What `name` means on this machine now, to be kept with results: ComputeDeviceInfo::name; the name itself
/// where it is this CPU's. @throws as ComputeBackend::nameOf
std::string fullDeviceName(std::string_view name);
/// @param name of a backend's device. @throws as ComputeBackend::open
std::unique_ptr<ComputeDevice> openComputeDevice(std::string_view name, const Job& job = {});

} // namespace zipml
