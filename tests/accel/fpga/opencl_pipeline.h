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
        : OpenClPipeline(device, fpgaKernelSource(), "-cl-std=CL1.2 -Werror " + fpgaBuildOptions(design)) {}
    OpenClPipeline(const cl::Device& device, const std::string& source, const std::string& options)
        : context_(device), queue_(context_, device), program_(context_, source) {
        try {
            program_.build({device}, options.c_str());
        } catch (const cl::BuildError&) {
            throw std::runtime_error(program_.getBuildInfo<CL_PROGRAM_BUILD_LOG>(device));
        }
        staged_ = program_.getInfo<CL_PROGRAM_KERNEL_NAMES>().find("read_lines") != std::string::npos;
    }

    template <class Number>
    void run(const FpgaLines& lines, const FpgaEpoch& epoch, std::vector<Number>& model) {
        cl::Buffer lineBuffer(context_, CL_MEM_READ_ONLY, lines.words.size() * sizeof(std::uint32_t));
        cl::Buffer modelBuffer(context_, CL_MEM_READ_WRITE, model.size() * sizeof(Number));
        queue_.enqueueWriteBuffer(lineBuffer, CL_TRUE, 0, lines.words.size() * sizeof(std::uint32_t),
                                  lines.words.data());
        queue_.enqueueWriteBuffer(modelBuffer, CL_TRUE, 0, model.size() * sizeof(Number), model.data());
        const auto rows = static_cast<cl_uint>(lines.rows), features = static_cast<cl_uint>(lines.features),
                   linesPerRow = static_cast<cl_uint>(lines.linesPerRow),
                   delay = static_cast<cl_uint>(epoch.delay);
        const cl_int stepShift = epoch.stepShift;
        const cl_uint mask = epoch.mask;
        if (staged_) {
            cl::Buffer queues(context_, CL_MEM_READ_WRITE, kQueueBytes);
            queue_.enqueueFillBuffer(queues, cl_uint{0}, 0, kQueueBytes);
            enqueue("read_lines", lineBuffer, rows * linesPerRow, queues);
            enqueue("unpack_lines", rows, linesPerRow, queues);
            enqueue("train", modelBuffer, rows, features, linesPerRow, stepShift, mask, delay, queues);
        } else {
            enqueue("train", lineBuffer, modelBuffer, rows, features, linesPerRow, stepShift, mask, delay);
        }
        queue_.enqueueReadBuffer(modelBuffer, CL_TRUE, 0, model.size() * sizeof(Number), model.data());
    }

  private:
    template <class... Arguments>
    void enqueue(const char* name, const Arguments&... arguments) {
        cl::Kernel kernel(program_, name);
        cl_uint index = 0;
        (kernel.setArg(index++, arguments), ...);
        queue_.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(1), cl::NDRange(1));
    }

    static constexpr std::size_t kQueueBytes = 1 << 17;

    cl::Context context_;
    cl::CommandQueue queue_;
    cl::Program program_;
    bool staged_ = false; ///< stages are kernels of their own, with a buffer of queues between them
};

} // namespace zipml::test
