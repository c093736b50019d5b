#pragma once
/// Predicts time and resources of the FPGA pipeline on named boards. Predictions, never measurements: nothing
/// here has run on a board. Needs no OpenCL.
///
///     time of an epoch = rows * lines a row * max(64 B / bandwidth, cycles a line / clock)
///                        + cycles around the lines / clock                         (docs/method.md#s8-4)
///
/// The model of Kara et al., FCCM 2017: one line a cycle (two cycles for 1-bit codes), or as fast as memory
/// brings them. What is around the lines was counted by simulating the published RTL.

#include "accel/fpga/line_layout.h"

#include <span>
#include <string>
#include <vector>

namespace zipml {

enum class FpgaVendor { Intel, Xilinx };

/// Figures of vendors' documents; pipeline_model.cpp cites them and says which were not checked.
struct FpgaBoard {
    std::string name;
    std::string device;
    FpgaVendor vendor;
    double clockHz;           ///< of the kernels: as published or the tool's default, assumed to be met
    double bytesPerSecond;    ///< of the memory that holds the samples, as one reader sees it
    std::size_t dspBlocks;    ///< Intel: DSP blocks; Xilinx: DSP slices
    std::size_t logicCells;   ///< Intel: ALMs; Xilinx: LUTs
    std::size_t memoryBlocks; ///< Intel: M20K of 512 x 40; Xilinx: block RAM of 1024 x 36
};

std::span<const FpgaBoard> fpgaBoards();
/// @throws InputError naming the known boards
const FpgaBoard& fpgaBoard(const std::string& name);

/// By formula, of the three kernels alone, without the board's own shell.
struct FpgaResources {
    std::size_t multipliers =
        0; ///< of a model value by a code or float: one a lane, twice; none at 1 and 2 bits
    std::size_t dspBlocks = 0;
    std::size_t logicCells =
        0; ///< adder tree, updates, selectors; a lower bound: no control, no float rounding
    std::size_t memoryBlocks =
        0;                       ///< both copies of the model, a bank a lane, and lines that wait for updates
    std::size_t modelBits = 0;   ///< of the two copies: 2 * 8192 * 32
    int adderTreeDepth = 0;      ///< log2 of the values of a line, as published: 4 float, 5, 6, 7, 8
    int updateLatencyCycles = 0; ///< FpgaDesign::updateLatencyCycles
};

/// Cycles of an epoch beside its lines: until memory answers (60 cycles, as simulated), a row's beats, the stages
/// of the pipeline, and writing the model back, 16 values a cycle. @param features with the bias
std::size_t fpgaCyclesAroundLines(const FpgaDesign& design, std::size_t features);

FpgaResources predictFpgaResources(const FpgaBoard& board, const FpgaDesign& design);

struct FpgaPrediction {
    FpgaDesign design;
    std::size_t linesPerRow = 0;
    double secondsPerLine = 0;
    double secondsPerEpoch = 0;
    double timesFloat = 0;    ///< float's time by this one's, on the same board
    double bytesPerEpoch = 0; ///< whole lines
    bool memoryBound = false; ///< else bound by the clock
    FpgaResources resources;
    bool fits = false; ///< the counted resources on the device
    std::string
        publishedFault; ///< what the published hardware does wrong at so many features; empty: nothing
};

/// Double-sampled rows of `features` (with the bias feature) through one pipeline.
FpgaPrediction predictFpga(const FpgaBoard& board, const FpgaDesign& design, std::size_t rows,
                           std::size_t features);
/// Every design on [0, 1]: float, 8, 4, 2, 1 bits.
std::vector<FpgaPrediction> predictFpga(const FpgaBoard& board, std::size_t rows, std::size_t features);

} // namespace zipml
