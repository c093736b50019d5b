#pragma once
/// The pipeline on a device: an FPGA by an image, any other OpenCL device by the kernels' source.

#include "accel/buffer.h"
#include "accel/fpga/reference.h"
#include "accel/program.h"

namespace zipml {

class FpgaPipeline {
  public:
    /// Kernels built from source; the stages are called in sequence in one work-item.
    FpgaPipeline(const ComputeContext& context, const FpgaDesign& design);
    /// Kernels of an image in `folder` (loadFpgaImage).
    FpgaPipeline(const ComputeContext& context, const FpgaDesign& design,
                 const std::filesystem::path& folder);

    /// Puts an epoch's rows on the device, where they stay. @throws OpenClError
    void load(const FpgaLines& lines);
    /// Trains over the loaded rows, as runFpgaReference does, bit for bit.
    /// @param epoch with a delay of 1 to longestDelay()
    /// @param model one Q8.23 number a feature
    void run(const FpgaEpoch& epoch, std::span<std::int32_t> model);

    /// What on-chip memory allows for the loaded rows: 1024 lines wait for their update, kFpgaMaxDelay rows at most.
    [[nodiscard]] std::size_t longestDelay() const;
    /// Fewest rows that cover the latency until an update, as far as longestDelay() goes: how stale the model
    /// of the published pipeline is.
    [[nodiscard]] std::size_t usualDelay() const;
    [[nodiscard]] const FpgaDesign& design() const { return design_; }

  private:
    FpgaPipeline(const ComputeContext& context, const FpgaDesign& design, cl::Program program);

    template <class... Arguments>
    void enqueue(const cl::CommandQueue& queue, const char* name, const Arguments&... arguments);

    const ComputeContext* context_;
    FpgaDesign design_;
    cl::Program program_;
    bool staged_; ///< connected stages, a kernel each, that run at the same time
    std::vector<cl::CommandQueue> stageQueues_;
    DeviceBuffer<std::uint32_t> lines_;
    cl_uint rows_ = 0, features_ = 0, linesPerRow_ = 0;
};

} // namespace zipml
