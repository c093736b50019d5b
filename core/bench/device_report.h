#pragma once
/// What the lab shows of a compute device: what it is, whether its kernels are right, and how fast they are.
/// The CPU's comes from here (cpu_report.h), those of OpenCL devices and predicted FPGA boards from accel;
/// `ui` and the command line see this alone.

#include "core/base/job.h"
#include "core/base/names.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace zipml {

/// One kernel on a device.
struct KernelReport {
    std::string name;         ///< "4 bits, corrected"
    double bytesPerValue = 4; ///< read of a sample's value; its inverse is the roofline's x, values a byte
    double gvalues = 0;       ///< 10^9 samples' values visited a second; 0: not measured
    enum class Check { NotRun, Passed, Failed } check = Check::NotRun; ///< against the reference
    std::string note;                                                  ///< why a check failed or was not run

    [[nodiscard]] double gbytes() const { return gvalues * bytesPerValue; }
    bool operator==(const KernelReport&) const = default;
};
template <>
std::span<const Named<KernelReport::Check>> namesOf<KernelReport::Check>();

struct DeviceReport {
    std::string id;       ///< in short: "cpu", "opencl:0"; of a board "harp-v1"
    std::string name;     ///< as the vendor states it
    std::string platform; ///< driver or source
    std::string kind;     ///< "cpu", "gpu", "accelerator", "board"
    std::vector<std::pair<std::string, std::string>> capabilities; ///< name, value with unit
    double bandwidth = 0;   ///< of reading memory, 10^9 bytes a second; 0: not measured
    bool predicted = false; ///< by formula, never measured: shown as such
    std::vector<KernelReport> kernels;
    std::string device = {};   ///< what a record calls it (ComputeDeviceInfo::name); empty: as `id`
    std::string unusable = {}; ///< why nothing trains there, such as what its driver's check found

    [[nodiscard]] const std::string& recordName() const { return device.empty() ? id : device; }
    bool operator==(const DeviceReport&) const = default;
};

/// Some devices. Listing is quick; measuring takes seconds and moves gigabytes.
class DeviceSource {
  public:
    virtual ~DeviceSource() = default;
    /// Without measurements; predicted ones are complete.
    [[nodiscard]] virtual std::vector<DeviceReport> list() = 0;
    /// Checks and measures one of them. @throws InputError where the device fails, Cancelled when stopped
    [[nodiscard]] virtual DeviceReport measure(const std::string& id, const Job& job) = 0;
};

using DeviceSources = std::vector<std::shared_ptr<DeviceSource>>;

} // namespace zipml
