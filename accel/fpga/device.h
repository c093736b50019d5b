#pragma once
/// What the FPGA pipeline can run on here: boards, and, where there is none, an emulation.

#include "accel/fpga/pipeline.h"

namespace zipml {

struct FpgaDevice {
    OpenClDevice device;
    bool emulated = false;        ///< kernels are built from source, for want of a board
    std::filesystem::path images; ///< folder of a board's images; may be empty: none is named

    /// "Intel PAC, with images of /images", "emulation on PoCL, pthread-EPYC".
    [[nodiscard]] std::string name() const;
    /// As records have it, with platform and driver's version.
    [[nodiscard]] std::string fullName() const;
};

/// Devices of the type accelerator, and others whose images are in fpgaImageFolder(); where there are none,
/// PoCL's first device, or else the first of all, as an emulation. Nothing is programmed, no image is read.
std::vector<FpgaDevice> listFpgaDevices();

/// @param which as of deviceMeant. @throws InputError that says which there are
FpgaDevice fpgaDevice(std::string_view which);

/// The designs that it runs: all in an emulation, on a board those whose images are there.
std::vector<FpgaDesign> designsOf(const FpgaDevice& device);

/// @param context of the device, outlives the pipeline. @throws as loadFpgaImage, or OpenClError
FpgaPipeline makePipeline(const ComputeContext& context, const FpgaDevice& device, const FpgaDesign& design);

} // namespace zipml
