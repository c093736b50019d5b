#include "accel/fpga/pipeline_model.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

/// Bandwidth is that of the memory that one buffer of lines lies in and one reader of 64 bytes a cycle sees.
/// Clocks: as published (HARP) or what the vendor's flow aims at by default (Vitis: 300 MHz); for Arria 10
/// and Zynq, where the flow picks the clock, an assumption. What was looked up has its source; "remembered":
/// from memory of the data sheet named, not checked.
const std::array<FpgaBoard, 6>& boards() {
    static const std::array<FpgaBoard, 6> kBoards{{
        // Clock and QPI: Kara et al., FCCM 2017 (docs/method.md#s8-4). Resources remembered: Intel, Stratix V
        // Device
        // Overview (683258), 5SGXA7.
        {"harp-v1", "Stratix V 5SGXEA7", FpgaVendor::Intel, 200e6, 6.5e9, 256, 234'720, 2'560},
        // ALMs and M20K: Intel, Arria 10 FPGA Development Kit User Guide (683526), 6.1 "Board Overview"; DSP
        // blocks: Arria 10 Core Fabric Handbook (683461), 3.2 "Resources", GX 1150. Remembered: the reference
        // platform has one DDR4-2133 bank of 64 bits.
        {"a10-devkit", "Arria 10 GX 1150", FpgaVendor::Intel, 240e6, 17.1e9, 1'518, 427'200, 2'713},
        // Two DDR4 banks of 64 bits at 1066 MHz, which aoc interleaves: Intel, FPGA Interface Manager Data
        // Sheet: Intel PAC with Arria 10 GX FPGA, 2.1 "Memory Interface". Resources as above.
        {"pac-a10", "Arria 10 GX 1150", FpgaVendor::Intel, 240e6, 34.1e9, 1'518, 427'200, 2'713},
        // One of four DDR4 channels, 77 GB/s together: AMD, UG1393, "HBM Configuration and Use". Resources
        // remembered: Alveo U200 and U250 Data Sheet (DS962).
        {"u250", "Alveo U250 (XCU250)", FpgaVendor::Xilinx, 300e6, 19.25e9, 12'288, 1'728'000, 2'688},
        // One of 32 pseudo channels of HBM2, 460 GB/s together: the same page. Resources remembered: Alveo
        // U280
        // Data Sheet (DS963).
        {"u280", "Alveo U280 (XCU280)", FpgaVendor::Xilinx, 300e6, 14.375e9, 9'024, 1'304'000, 2'016},
        // DDR3 of 16 bits at 1050 MT/s, 220 DSP slices, 13,300 slices of four LUTs, 630 KB of block RAM:
        // Digilent, PYNQ-Z1 Reference Manual, "Features".
        {"pynq-z1", "Zynq XC7Z020", FpgaVendor::Xilinx, 100e6, 2.1e9, 220, 53'200, 140},
    }};
    return kBoards;
}

constexpr std::size_t kModelBits = 32;
constexpr std::size_t kMemoryLatencyCycles = 60;
/// Features of each 256 that a model of 1-bit samples has on the published hardware.
constexpr std::size_t kPublishedOneBitFeatures = 224;
/// Lines that wait for their update (RING_LINES of accel/fpga/kernels/sgd.cl), and the two links of 64 lines.
constexpr std::size_t kRingLines = 1024;
constexpr std::size_t kLinkLines = 64;

std::size_t ceilOf(std::size_t dividend, std::size_t divisor) {
    return (dividend + divisor - 1) / divisor;
}

/// A 32-bit value by a code of up to 9 bits: two multipliers of 18 x 18 or of 27 x 18, whose DSP block
/// (Intel, two 18 x 19) or slice (Xilinx, one) is counted. A float product is one Intel block (27 x 27
/// mantissas) or three Xilinx slices (PG060, full usage).
std::size_t blocksOfMultiplier(FpgaVendor vendor, bool isFloat) {
    if (vendor == FpgaVendor::Intel)
        return 1;
    return isFloat ? 3 : 2;
}

/// Stages between memory and the model: counted, at 91 and 1001 features, by simulating the published RTL.
std::size_t stageCycles(const FpgaDesign& design) {
    switch (design.bits) {
    case 1:
        return 31;
    case 2:
        return 24;
    case 4:
        return 23;
    case 8:
        return 22;
    default:
        return 47;
    }
}

std::string publishedFaultOf(const FpgaDesign& design, std::size_t features) {
    if (publishedMissesALine(design, features))
        return "reads one line of each row too few and trains on what is no label";
    if (design.bits == 1 && features > kPublishedOneBitFeatures)
        return "keeps features 225 to 240 of each 256 at zero";
    return {};
}

/// Memories of `words` x `bits`, none shared: a dual-ported M20K takes 512 x 40, a block RAM 1024 x 36.
std::size_t blocksOfMemory(FpgaVendor vendor, std::size_t words, std::size_t bits) {
    return vendor == FpgaVendor::Intel ? ceilOf(words, 512) * ceilOf(bits, 40)
                                       : ceilOf(words, 1024) * ceilOf(bits, 36);
}

} // namespace

std::span<const FpgaBoard> fpgaBoards() {
    return boards();
}

const FpgaBoard& fpgaBoard(const std::string& name) {
    std::string known;
    for (const FpgaBoard& board : boards()) {
        if (board.name == name)
            return board;
        known += (known.empty() ? "" : ", ") + board.name;
    }
    throw InputError("no figures of the FPGA board '" + name + "'; known are " + known);
}

FpgaResources predictFpgaResources(const FpgaBoard& board, const FpgaDesign& design) {
    const std::size_t lanes = design.lanes();
    FpgaResources resources;
    const bool multiplies = design.bits > 2; // codes of -1, 0, 1 and 2 select or shift
    resources.multipliers = multiplies ? 2 * lanes : 0;
    resources.dspBlocks = resources.multipliers * blocksOfMultiplier(board.vendor, design.isFloat());

    // Adder bits: the tree, one subtraction a lane for the update, and a selector a lane for each product
    // that no DSP forms. An ALM adds two bits, a LUT one.
    const std::size_t adders = (lanes - 1) + lanes + (multiplies ? 0 : 2 * lanes);
    resources.logicCells = adders * kModelBits / (board.vendor == FpgaVendor::Intel ? 2 : 1);

    resources.modelBits = 2 * kFpgaMaxFeatures * kModelBits;
    const std::size_t bankWords = kFpgaMaxFeatures / lanes + design.beatsPerLine();
    const std::size_t keptBits = design.isFloat() ? 512 : 256;
    resources.memoryBlocks = 2 * lanes * blocksOfMemory(board.vendor, bankWords, kModelBits) +
                             blocksOfMemory(board.vendor, kRingLines * design.beatsPerLine(), keptBits) +
                             2 * blocksOfMemory(board.vendor, kLinkLines, 512);

    resources.adderTreeDepth = design.adderTreeDepth();
    resources.updateLatencyCycles = design.updateLatencyCycles();
    return resources;
}

std::size_t fpgaCyclesAroundLines(const FpgaDesign& design, std::size_t features) {
    const std::size_t rowBeats = fpgaLinesPerRow(design, features) * design.beatsPerLine();
    const std::size_t modelLines = rowBeats * design.lanes() / kFpgaLineWords;
    return kMemoryLatencyCycles + rowBeats + stageCycles(design) + modelLines;
}

FpgaPrediction predictFpga(const FpgaBoard& board, const FpgaDesign& design, std::size_t rows,
                           std::size_t features) {
    constexpr double kLineBytes = 4.0 * kFpgaLineWords;
    const auto timeOfLine = [&board](const FpgaDesign& of) {
        return std::max(kLineBytes / board.bytesPerSecond,
                        static_cast<double>(of.beatsPerLine()) / board.clockHz);
    };
    const auto timeOfEpoch = [&](const FpgaDesign& of) {
        const auto lines = static_cast<double>(rows * fpgaLinesPerRow(of, features));
        return lines * timeOfLine(of) +
               static_cast<double>(fpgaCyclesAroundLines(of, features)) / board.clockHz;
    };
    FpgaPrediction prediction;
    prediction.design = design;
    prediction.linesPerRow = fpgaLinesPerRow(design, features);
    prediction.secondsPerLine = timeOfLine(design);
    prediction.memoryBound =
        kLineBytes / board.bytesPerSecond > static_cast<double>(design.beatsPerLine()) / board.clockHz;
    prediction.secondsPerEpoch = timeOfEpoch(design);
    prediction.bytesPerEpoch = static_cast<double>(rows * prediction.linesPerRow) * kLineBytes;
    prediction.timesFloat = timeOfEpoch({32, true}) / prediction.secondsPerEpoch;
    prediction.publishedFault = publishedFaultOf(design, features);
    prediction.resources = predictFpgaResources(board, design);
    prediction.fits = prediction.resources.dspBlocks <= board.dspBlocks &&
                      prediction.resources.logicCells <= board.logicCells &&
                      prediction.resources.memoryBlocks <= board.memoryBlocks;
    return prediction;
}

std::vector<FpgaPrediction> predictFpga(const FpgaBoard& board, std::size_t rows, std::size_t features) {
    std::vector<FpgaPrediction> predictions;
    for (const int bits : {32, 8, 4, 2, 1})
        predictions.push_back(predictFpga(board, {bits, true}, rows, features));
    return predictions;
}

} // namespace zipml
