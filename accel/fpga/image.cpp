#include "accel/fpga/image.h"

#include "core/base/file.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace zipml {
namespace {

namespace fs = std::filesystem;

struct ImageFormat {
    std::string_view extension;
    std::string_view magic; ///< first bytes
    std::string_view madeBy;
};

/// An .aocx is an ELF file; an .xclbin begins as Xilinx' XRT says (xclbin.h, struct axlf).
constexpr std::array<ImageFormat, 3> kFormats{{{".aocx", "\177ELF", "aoc"},
                                               {".xclbin", std::string_view("xclbin2\0", 8), "v++"},
                                               {".poclbin", "poclbin", "PoCL"}}};

std::string fileNames(const FpgaDesign& design) {
    std::string names;
    for (const ImageFormat& format : kFormats)
        names += (names.empty() ? "" : ", ") + ("zipml_" + design.name()) + std::string(format.extension);
    return names;
}

/// struct axlf keeps the file's length at byte 304: magic 8, signature length 4, reserved 28, key block 256,
/// unique id 8.
constexpr std::size_t kXclbinLengthAt = 304;

[[noreturn]] void damaged(const fs::path& file, const std::string& why) {
    throw InputError(file.string() + ": the FPGA image is damaged: " + why + "; copy or build it anew");
}

template <class Number>
std::uint64_t numberAt(std::string_view bytes, std::size_t at) {
    Number number = 0;
    if (bytes.size() >= at + sizeof number)
        std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

/// Where the section headers of an ELF file end, which stand last (ELF specification, e_shoff, e_shentsize,
/// e_shnum).
std::uint64_t elfLength(std::string_view bytes) {
    const bool is64 = numberAt<std::uint8_t>(bytes, 4) == 2;
    const std::uint64_t table =
        is64 ? numberAt<std::uint64_t>(bytes, 0x28) : numberAt<std::uint32_t>(bytes, 0x20);
    const std::size_t sizes = is64 ? 0x3A : 0x2E;
    return table + numberAt<std::uint16_t>(bytes, sizes) * numberAt<std::uint16_t>(bytes, sizes + 2);
}

void checkLength(const fs::path& file, const ImageFormat& format, std::string_view bytes) {
    std::uint64_t stated = bytes.size();
    if (format.extension == ".xclbin")
        stated = numberAt<std::uint64_t>(bytes, kXclbinLengthAt);
    else if (format.extension == ".aocx")
        stated = std::max<std::uint64_t>(elfLength(bytes), bytes.size());
    if (stated != bytes.size())
        damaged(file,
                "it has " + std::to_string(bytes.size()) + " bytes and states " + std::to_string(stated));
}

void checkSum(const fs::path& file, const ImageFormat& format, std::string_view bytes) {
    const fs::path sums = file.string() + ".cksum";
    if (!fs::exists(sums)) {
        if (format.extension == ".poclbin") // states no length, and PoCL 3.1 crashes on half a file
            throw InputError(sums.string() +
                             ": there is no checksum of the image; write it by 'cksum < IMAGE'");
        return;
    }
    std::istringstream text(readFile(sums));
    std::uint64_t sum = 0, length = 0;
    if (!(text >> sum >> length))
        throw InputError(sums.string() + ": this is not what cksum prints: a checksum and a length");
    if (length != bytes.size())
        damaged(file,
                "it has " + std::to_string(bytes.size()) + " bytes instead of " + std::to_string(length));
    if (sum != posixChecksum(bytes))
        damaged(file, "its checksum is not that of " + sums.filename().string());
}

} // namespace

fs::path fpgaImageFolder() {
    const char* folder = std::getenv("ZIPML_FPGA_IMAGES");
    return folder == nullptr ? fs::path{} : fs::path(folder);
}

cl::Program loadFpgaImage(const ComputeContext& context, const FpgaDesign& design, const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
        throw InputError(folder.string() +
                         ": no such folder of FPGA images; set ZIPML_FPGA_IMAGES to the one "
                         "that 'cmake --build build --target fpga-intel' or fpga-xilinx filled");
    for (const ImageFormat& format : kFormats) {
        const fs::path file = folder / ("zipml_" + design.name() + std::string(format.extension));
        if (!fs::exists(file, error))
            continue;
        const std::string bytes = readFile(file);
        if (!bytes.starts_with(format.magic))
            throw InputError(file.string() + ": this is no FPGA image: a file that " +
                             std::string(format.madeBy) + " made begins otherwise");
        checkLength(file, format, bytes);
        checkSum(file, format, bytes);
        return programFromBinary(context, file.string(),
                                 {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
    }
    throw InputError(folder.string() + ": no image of the design " + design.name() + "; looked for " +
                     fileNames(design));
}

std::uint32_t posixChecksum(std::string_view bytes) {
    std::uint32_t sum = 0;
    const auto add = [&sum](std::uint32_t byte) {
        sum ^= byte << 24;
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum << 1) ^ ((sum >> 31) * 0x04C11DB7U);
    };
    for (const char c : bytes)
        add(static_cast<unsigned char>(c));
    for (std::size_t length = bytes.size(); length != 0; length >>= 8)
        add(static_cast<std::uint32_t>(length & 0xFFU));
    return ~sum;
}

} // namespace zipml
