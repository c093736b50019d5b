// Predicted FPGA boards for the lab's window.

#include "accel/device_sources.h"
#include "accel/fpga/pipeline_model.h"

namespace zipml {
namespace {

class FpgaBoardSource final : public DeviceSource {
  public:
    [[nodiscard]] std::vector<DeviceReport> list() override {
        std::vector<DeviceReport> reports;
        for (const FpgaBoard& board : fpgaBoards())
            reports.push_back(predicted(board));
        return reports;
    }

    [[nodiscard]] DeviceReport measure(const std::string& id, const Job& /*job*/) override {
        throw InputError(id + ": a prediction by formula; there is no board here to measure");
    }

  private:
    static std::string widthOf(const FpgaDesign& design) {
        if (design.isFloat())
            return "float32";
        return std::to_string(design.bits) + (design.bits == 1 ? " bit" : " bits");
    }
    static DeviceReport predicted(const FpgaBoard& board) {
        constexpr std::size_t kRows = 100'000, kFeatures = 1024;
        constexpr auto kValues = static_cast<double>(kRows * kFeatures);
        DeviceReport report;
        report.id = board.name;
        report.name = board.device;
        report.platform =
            board.vendor == FpgaVendor::Intel ? "Intel FPGA, predicted" : "Xilinx FPGA, predicted";
        report.kind = "board";
        report.predicted = true;
        report.bandwidth = board.bytesPerSecond / 1e9;
        report.capabilities = {
            {"Kernel clock", std::to_string(static_cast<int>(board.clockHz / 1e6)) + " MHz"},
            {"DSP blocks", std::to_string(board.dspBlocks)},
            {"Logic cells", std::to_string(board.logicCells)},
            {"Memory blocks", std::to_string(board.memoryBlocks)},
            {"Shape", "double sampling, 1,024 features with the bias"}};
        for (const FpgaPrediction& each : predictFpga(board, kRows, kFeatures)) {
            if (!each.publishedFault.empty())
                report.capabilities.emplace_back("Published " + widthOf(each.design),
                                                 each.publishedFault + " at this shape; the lab's is right");
            report.kernels.push_back(
                {widthOf(each.design), each.bytesPerEpoch / kValues, kValues / each.secondsPerEpoch / 1e9,
                 KernelReport::Check::NotRun,
                 std::string(each.memoryBound ? "predicted, memory bound" : "predicted, clock bound") +
                     (each.fits ? "" : "; does not fit the device")});
        }
        return report;
    }
};

} // namespace

std::shared_ptr<DeviceSource> fpgaBoardSource() {
    return std::make_shared<FpgaBoardSource>();
}

} // namespace zipml
