// Takes the place of the rest of this floor in a build without OpenCL (the CMake option ZIPML_OPENCL).

#include "accel/accel.h"
#include "accel/device_sources.h"

namespace zipml {
namespace {

constexpr const char* kAdvice = "this build is without OpenCL; install Debian's ocl-icd-opencl-dev and "
                                "opencl-clhpp-headers and build again "
                                "with ZIPML_OPENCL on (./dev build)";

class NoBackend final : public ComputeBackend {
  public:
    explicit NoBackend(const char* prefix) : prefix_(prefix) {}
    [[nodiscard]] std::string prefix() const override { return prefix_; }
    [[nodiscard]] std::vector<ComputeDeviceInfo> list() const override { return {}; }
    [[nodiscard]] std::string nameOf(std::string_view which) const override { throw none(which); }
    [[nodiscard]] std::unique_ptr<ComputeDevice> open(std::string_view which,
                                                      const Job& /*job*/) const override {
        throw none(which);
    }

  private:
    [[nodiscard]] InputError none(std::string_view which) const {
        return InputError("device: there is no " + prefix_ + ":" + std::string(which) + ", because " +
                          kAdvice + ", or use device cpu");
    }

    std::string prefix_;
};

class NoSource final : public DeviceSource {
  public:
    [[nodiscard]] std::vector<DeviceReport> list() override { return {}; }
    [[nodiscard]] DeviceReport measure(const std::string& id, const Job& /*job*/) override {
        throw InputError(id + ": " + kAdvice);
    }
};

} // namespace

std::unique_ptr<ComputeBackend> openClBackend() {
    return std::make_unique<NoBackend>("opencl");
}

std::unique_ptr<ComputeBackend> fpgaBackend() {
    return std::make_unique<NoBackend>("fpga");
}

std::vector<OpenClSummary> openClSummaries() {
    return {};
}

std::filesystem::path fpgaImageFolder() {
    return {};
}

void setFpgaImageFolder(const std::filesystem::path& folder) {
    if (!folder.empty())
        throw InputError(folder.string() + ": FPGA images are not loaded: " + kAdvice);
}

std::string describeFpgaImages(const std::filesystem::path& folder) {
    throw InputError(folder.string() + ": FPGA images are not loaded: " + kAdvice);
}

std::shared_ptr<DeviceSource> openClSource() {
    return std::make_shared<NoSource>();
}

std::shared_ptr<DeviceSource> fpgaSource() {
    return std::make_shared<NoSource>();
}

} // namespace zipml
