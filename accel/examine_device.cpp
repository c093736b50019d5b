// The work of the program that checks a driver.

#include "accel/driver_check.h"
#include "accel/fpga/self_test.h"
#include "accel/program.h"
#include "accel/self_test.h"

#include <algorithm>

namespace zipml {
namespace {

/// A kernel from a program's own image, as FPGA images and the program cache give one.
void requireImages(const ComputeContext& context) {
    constexpr const char* kSource = "kernel void twice(global int* x) { x[0] *= 2; }";
    const cl::Program built = buildProgram(context, "image", kSource);
    const cl::Program loaded = programFromBinary(context, "image", binaryOf(built));
    DeviceBuffer<std::int32_t> number(context, std::vector<std::int32_t>{21});
    cl::Kernel kernel = kernelOf(loaded, "twice");
    openCl("run a program from its image", [&] {
        kernel.setArg(0, number.get());
        context.enqueueGroups(kernel, 1, 1);
    });
    if (number.read().front() != 42)
        throw RunError("a program from its image computes something else");
}

} // namespace

std::string examineDevice(const OpenClDevice& device, const std::function<void(const std::string&)>& done) {
    constexpr SelfTestOptions kAll{true, true};
    try {
        const ComputeContext context(device);
        done("opening");
        requireImages(context);
        done("a program from an image");
        const auto hear = [&](const SelfTestResult& result) {
            if (!result.passed())
                throw RunError(result.kernel + ": " + result.failure);
            done(result.kernel);
        };
        fpgaSelfTest(context, {device, true, {}}, kAll, hear);
        if (device.doubles)
            selfTest(context, kAll, hear);
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

std::string examineImage(const OpenClDevice& device, const std::string& design,
                         const std::filesystem::path& folder,
                         const std::function<void(const std::string&)>& done) {
    try {
        const ComputeContext context(device);
        done("opening");
        const auto designs = fpgaDesigns();
        const auto found = std::ranges::find(designs, design, &FpgaDesign::name);
        if (found == designs.end())
            return "there is no design " + design;
        FpgaPipeline pipeline(context, *found, folder);
        done("loading the image");
        return fpgaDesignMismatch(pipeline);
    } catch (const std::exception& error) {
        return error.what();
    }
}

} // namespace zipml
