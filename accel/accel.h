#pragma once
/// What programs take from this floor at their start, and to list devices. It is here without OpenCL's
/// headers and stays the same in a build that leaves OpenCL out: there is then nothing to list, and what is
/// asked for all the same says so.

#include "core/lab/compute_device.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace zipml {

/// Devices as opencl:0, opencl:1, ...
std::unique_ptr<ComputeBackend> openClBackend();
/// Devices as fpga:0, fpga:1, ...: those of listFpgaDevices.
std::unique_ptr<ComputeBackend> fpgaBackend();

/// An OpenCL device as a list shows it.
struct OpenClSummary {
    std::string name, platform, type, version; ///< as of OpenClDevice
    std::uint32_t computeUnits = 0;
    std::uint64_t memoryBytes = 0;
    bool trains = false; ///< it has 64-bit floats
};
/// In the driver's order, the order of `opencl:I`.
std::vector<OpenClSummary> openClSummaries();

/// The folder of FPGA images that was set, else $ZIPML_FPGA_IMAGES; empty where neither is: there are no
/// images.
std::filesystem::path fpgaImageFolder();
/// From any thread; runs that have begun keep theirs. @param folder empty: as if none had been set
void setFpgaImageFolder(const std::filesystem::path& folder);
/// What is in the folder, in a line: "2 images, made by aoc: float, q4_unit". Reads the images.
/// @throws InputError where the folder is not there, an image is damaged, or there is none
std::string describeFpgaImages(const std::filesystem::path& folder);

} // namespace zipml
