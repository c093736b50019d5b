#include "accel/fpga/pipeline_model.h"
#include "app/cli/command.h"
#include "core/base/error.h"

#include <cstdio>
#include <iostream>

namespace zipml::cli {
namespace {

constexpr const char* kCaveat =
    "Predictions by a model of the published pipeline, never measured: nothing here ran on a board.";

struct BoardOptions {
    std::size_t rows, features; ///< without the bias
};

nlohmann::json describe(const FpgaPrediction& prediction) {
    const FpgaResources& resources = prediction.resources;
    return {{"design", prediction.design.name()},
            {"lines_per_row", prediction.linesPerRow},
            {"seconds_per_line", prediction.secondsPerLine},
            {"seconds_per_epoch", prediction.secondsPerEpoch},
            {"times_float", prediction.timesFloat},
            {"bytes_per_epoch", prediction.bytesPerEpoch},
            {"bound_by", prediction.memoryBound ? "memory" : "clock"},
            {"multipliers", resources.multipliers},
            {"dsp_blocks", resources.dspBlocks},
            {"logic_cells", resources.logicCells},
            {"memory_blocks", resources.memoryBlocks},
            {"model_bits", resources.modelBits},
            {"adder_tree_depth", resources.adderTreeDepth},
            {"update_latency_cycles", resources.updateLatencyCycles},
            {"published_fault", prediction.publishedFault.empty()
                                    ? nlohmann::json()
                                    : nlohmann::json(prediction.publishedFault)},
            {"fits", prediction.fits}};
}

nlohmann::json describe(const BoardOptions& options) {
    nlohmann::json boards = nlohmann::json::array();
    for (const FpgaBoard& board : fpgaBoards()) {
        nlohmann::json designs = nlohmann::json::array();
        for (const FpgaPrediction& prediction : predictFpga(board, options.rows, options.features + 1))
            designs.push_back(describe(prediction));
        boards.push_back({{"name", board.name},
                          {"device", board.device},
                          {"clock_hz", board.clockHz},
                          {"bytes_per_second", board.bytesPerSecond},
                          {"predicted", true},
                          {"designs", designs}});
    }
    return {{"note", kCaveat}, {"rows", options.rows}, {"features", options.features}, {"boards", boards}};
}

/// Whoever has the published hardware learns where it goes wrong.
void printPublishedFaults(const BoardOptions& options) {
    bool any = false;
    for (const FpgaPrediction& p : predictFpga(fpgaBoards().front(), options.rows, options.features + 1)) {
        if (p.publishedFault.empty())
            continue;
        std::printf("%sthe published hardware %s with %zu features and the bias (%s)\n", any ? "" : "\n",
                    p.publishedFault.c_str(), options.features, p.design.name().c_str());
        any = true;
    }
    if (any)
        std::printf("the lab's own lines and kernels are right there\n");
}

void print(const BoardOptions& options) {
    std::cout << kCaveat << '\n'
              << options.rows << " rows of " << options.features
              << " features and the bias, double sampling; fixed point Q8.23, float for comparison\n";
    for (const FpgaBoard& board : fpgaBoards()) {
        std::printf("\n%s: %s, %.0f MHz, %.1f GB/s (predicted)\n", board.name.c_str(), board.device.c_str(),
                    board.clockHz / 1e6, board.bytesPerSecond / 1e9);
        std::printf("  %-8s %9s %9s %10s %8s %7s %6s %8s %6s\n", "design", "lines/row", "ns/line", "ms/epoch",
                    "x float", "bound", "DSP", "logic", "RAM");
        for (const FpgaPrediction& p : predictFpga(board, options.rows, options.features + 1))
            std::printf("  %-8s %9zu %9.2f %10.2f %8.2f %7s %6zu %8zu %6zu%s\n", p.design.name().c_str(),
                        p.linesPerRow, p.secondsPerLine * 1e9, p.secondsPerEpoch * 1e3, p.timesFloat,
                        p.memoryBound ? "memory" : "clock", p.resources.dspBlocks, p.resources.logicCells,
                        p.resources.memoryBlocks, p.fits ? "" : "  does not fit");
    }
    printPublishedFaults(options);
}

} // namespace

int printBoards(std::size_t rows, std::size_t features, bool asJson) {
    if (features == 0 || features >= kFpgaMaxFeatures)
        throw InputError("--features: the pipeline holds 1 to " + std::to_string(kFpgaMaxFeatures - 1) +
                         " features and the bias, not " + std::to_string(features));
    const BoardOptions options{rows, features};
    asJson ? printJson(describe(options)) : print(options);
    return 0;
}

} // namespace zipml::cli
