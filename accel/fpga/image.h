#pragma once
/// FPGA images: programs that a vendor's compiler made offline (accel/fpga/build_images.sh), loaded from a
/// folder.

#include "accel/fpga/line_layout.h"
#include "accel/program.h"

#include <optional>

namespace zipml {

/// $ZIPML_FPGA_IMAGES; empty where it is not set: there are no images.
std::filesystem::path fpgaImageFolder();

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
