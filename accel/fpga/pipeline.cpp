#include "accel/fpga/pipeline.h"

#include "accel/fpga/image.h"
#include "accel/fpga/kernel_source.h"

#include <cassert>

namespace zipml {
namespace {

/// RING_LINES of accel/fpga/kernels/sgd.cl.
constexpr std::size_t kRingLines = 1024;

} // namespace

FpgaPipeline::FpgaPipeline(const ComputeContext& context, const FpgaDesign& design)
    : FpgaPipeline(context, design,
                   buildProgram(context, "fpga " + design.name(), fpgaKernelSource(),
                                "-cl-std=CL1.2 " + fpgaBuildOptions(design))) {}

FpgaPipeline::FpgaPipeline(const ComputeContext& context, const FpgaDesign& design,
                           const std::filesystem::path& folder)
    : FpgaPipeline(context, design, loadFpgaImage(context, design, folder)) {}

FpgaPipeline::FpgaPipeline(const ComputeContext& context, const FpgaDesign& design, cl::Program program)
    : context_(&context), design_(design), program_(std::move(program)) {
    openCl("prepare the FPGA pipeline", [this] {
        staged_ = program_.getInfo<CL_PROGRAM_KERNEL_NAMES>().find("read_lines") != std::string::npos;
        for (int stage = 0; staged_ && stage < 2; ++stage) // beside the context's, which takes the training
            stageQueues_.emplace_back(context_->context, context_->info.device);
    });
}

void FpgaPipeline::load(const FpgaLines& lines) {
    assert(lines.design.name() == design_.name());
    lines_ = DeviceBuffer<std::uint32_t>(*context_, std::span(lines.words));
    rows_ = static_cast<cl_uint>(lines.rows);
    features_ = static_cast<cl_uint>(lines.features);
    linesPerRow_ = static_cast<cl_uint>(lines.linesPerRow);
}

std::size_t FpgaPipeline::longestDelay() const {
    return std::min(kFpgaMaxDelay, kRingLines / linesPerRow_);
}

std::size_t FpgaPipeline::usualDelay() const {
    return std::min(fpgaStaleRows(design_, linesPerRow_), longestDelay());
}

template <class... Arguments>
void FpgaPipeline::enqueue(const cl::CommandQueue& queue, const char* name, const Arguments&... arguments) {
    cl::Kernel kernel(program_, name);
    cl_uint index = 0;
    (kernel.setArg(index++, arguments), ...);
    queue.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(1), cl::NDRange(1));
}

void FpgaPipeline::run(const FpgaEpoch& epoch, std::span<std::int32_t> model) {
    assert(model.size() == features_ && epoch.delay >= 1 && epoch.delay <= longestDelay());
    DeviceBuffer<std::int32_t> onDevice(*context_, std::span<const std::int32_t>(model));
    openCl("run the FPGA pipeline", [&] {
        const cl_int stepShift = epoch.stepShift;
        const cl_uint mask = epoch.mask;
        const auto delay = static_cast<cl_uint>(epoch.delay);
        if (staged_) {
            enqueue(stageQueues_[0], "read_lines", lines_.get(), rows_ * linesPerRow_);
            enqueue(stageQueues_[1], "unpack_lines", rows_, linesPerRow_);
            enqueue(context_->queue, "train", onDevice.get(), rows_, features_, linesPerRow_, stepShift, mask,
                    delay);
            for (const cl::CommandQueue& queue : stageQueues_)
                queue.flush();
        } else {
            enqueue(context_->queue, "train", lines_.get(), onDevice.get(), rows_, features_, linesPerRow_,
                    stepShift, mask, delay);
        }
    });
    onDevice.read(model);
}

} // namespace zipml
