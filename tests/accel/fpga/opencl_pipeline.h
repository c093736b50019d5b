#pragma once
/// Runs the pipeline's kernels on the first OpenCL device, stages called in sequence (accel/fpga/kernels).

#include "accel/fpga/kernel_source.h"
#include "accel/fpga/reference.h"

#define CL_HPP_ENABLE_EXCEPTIONS
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#define CL_HPP_TARGET_OPENCL_VERSION 120
#include <CL/opencl.hpp>

#include <optional>
#include <stdexcept>

namespace zipml::test {

inline std::optional<cl::Device> firstDevice() {
    try {
        std::vector<cl::Platform> platforms;
        cl::Platform::get(&platforms);
        for (const auto& platform : platforms) {
            std::vector<cl::Device> devices;
            platform.getDevices(CL_DEVICE_TYPE_ALL, &devices);
            if (!devices.empty())
                return devices.front();
        }
    } catch (const cl::Error&) { // no platform, or one without devices
    }
    return std::nullopt;
}

/// One program a design.
class OpenClPipeline {
  public:
    OpenClPipeline(const cl::Device& device, const FpgaDesign& design)
        : context_(device), queue_(context_, device), program_(context_, fpgaKernelSource()) {
        const std::string options = "-cl-std=CL1.2 -Werror " + fpgaBuildOptions(design);
        try {
            program_.build({device}, options.c_str());
        } catch (const cl::BuildError&) {
            throw std::runtime_error(program_.getBuildInfo<CL_PROGRAM_BUILD_LOG>(device));
        }
    }

    template <class Number>
    void run(const FpgaLines& lines, const FpgaEpoch& epoch, std::vector<Number>& model) {
        cl::Buffer lineBuffer(context_, CL_MEM_READ_ONLY, lines.words.size() * sizeof(std::uint32_t));
        cl::Buffer modelBuffer(context_, CL_MEM_READ_WRITE, model.size() * sizeof(Number));
        queue_.enqueueWriteBuffer(lineBuffer, CL_TRUE, 0, lines.words.size() * sizeof(std::uint32_t),
                                  lines.words.data());
        queue_.enqueueWriteBuffer(modelBuffer, CL_TRUE, 0, model.size() * sizeof(Number), model.data());
        cl::Kernel kernel(program_, "train");
        kernel.setArg(0, lineBuffer);
        kernel.setArg(1, modelBuffer);
        kernel.setArg(2, static_cast<cl_uint>(lines.rows));
        kernel.setArg(3, static_cast<cl_uint>(lines.features));
        kernel.setArg(4, static_cast<cl_uint>(lines.linesPerRow));
        kernel.setArg(5, static_cast<cl_int>(epoch.stepShift));
        kernel.setArg(6, static_cast<cl_uint>(epoch.mask));
        kernel.setArg(7, static_cast<cl_uint>(epoch.delay));
        queue_.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(1), cl::NDRange(1));
        queue_.enqueueReadBuffer(modelBuffer, CL_TRUE, 0, model.size() * sizeof(Number), model.data());
    }

  private:
    cl::Context context_;
    cl::CommandQueue queue_;
    cl::Program program_;
};

} // namespace zipml::test
