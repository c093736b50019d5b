#pragma once
/// FPGA images: programs that a vendor's compiler made offline (accel/fpga/build_images.sh), loaded from a
/// folder (fpgaImageFolder).

#include "accel/accel.h"
#include "accel/fpga/line_layout.h"
#include "accel/program.h"

#include <optional>

namespace zipml {

/// A file that is named as an image.
struct FpgaImage {
    FpgaDesign design;
    std::filesystem::path file;
    std::string madeBy; ///< "aoc", "v++" or "PoCL"
};

/// By their names alone; none where there is no such folder.
std::vector<FpgaImage> listFpgaImages(const std::filesystem::path& folder);
/// Whether the image is of the device's vendor.
bool fits(const FpgaImage& image, const OpenClDevice& device);
/// Reads the whole file. @throws InputError where it is damaged or no image at all, as loadFpgaImage
void checkFpgaImage(const FpgaImage& image);

/// Loads zipml_DESIGN.aocx (Intel), .xclbin (Xilinx) or .poclbin (PoCL, for tests) for the context's device.
///
/// Drivers may crash on damaged images, so the file is checked before one sees it: its first bytes, the
/// length that an .xclbin states, and the checksum in FILE.cksum, which build_images.sh writes (POSIX cksum:
/// checksum and length).
/// @throws InputError when the folder has no image of the design, or one that is damaged or no image at all.
/// @throws OpenClError when the device does not take it
cl::Program loadFpgaImage(const ComputeContext& context, const FpgaDesign& design,
                          const std::filesystem::path& folder);

/// The checksum that POSIX `cksum` prints: CRC-32 of polynomial 0x04C11DB7 over the bytes and their length.
std::uint32_t posixChecksum(std::string_view bytes);

} // namespace zipml
