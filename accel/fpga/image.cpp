#include "accel/fpga/image.h"

#include "core/base/file.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <sstream>

namespace zipml {
namespace {

namespace fs = std::filesystem;

struct ImageFormat {
    std::string_view extension;
    std::string_view magic; ///< first bytes
    std::string_view madeBy;
    std::string_view platform; ///< part of the name of the OpenCL platform that takes it
};

/// An .aocx is an ELF file; an .xclbin begins as Xilinx' XRT says (xclbin.h, struct axlf).
constexpr std::array<ImageFormat, 3> kFormats{
    {{".aocx", "\177ELF", "aoc", "Intel"},
     {".xclbin", std::string_view("xclbin2\0", 8), "v++", "Xilinx"},
     {".poclbin", "poclbin", "PoCL", "Portable Computing Language"}}};

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

const ImageFormat& formatOf(const FpgaImage& image) {
    return *std::ranges::find(kFormats, image.madeBy, &ImageFormat::madeBy);
}

fs::path fileOf(const fs::path& folder, const FpgaDesign& design, const ImageFormat& format) {
    return folder / ("zipml_" + design.name() + std::string(format.extension));
}

/// The image's bytes, found whole.
std::string wholeImage(const FpgaImage& image) {
    const ImageFormat& format = formatOf(image);
    std::string bytes = readFile(image.file);
    if (!bytes.starts_with(format.magic))
        throw InputError(image.file.string() + ": this is no FPGA image: a file that " + image.madeBy +
                         " made begins otherwise");
    checkLength(image.file, format, bytes);
    checkSum(image.file, format, bytes);
    return bytes;
}

void requireFolder(const fs::path& folder) {
    std::error_code error;
    if (folder.empty())
        throw InputError("no folder of FPGA images is named; set ZIPML_FPGA_IMAGES to the one that 'cmake "
                         "--build build --target fpga-intel' or fpga-xilinx filled");
    if (!fs::is_directory(folder, error))
        throw InputError(folder.string() +
                         ": no such folder of FPGA images; set ZIPML_FPGA_IMAGES to the one "
                         "that 'cmake --build build --target fpga-intel' or fpga-xilinx filled");
}

std::mutex folderMutex;
fs::path chosenFolder; ///< guarded by it

} // namespace

void setFpgaImageFolder(const fs::path& folder) {
    const std::lock_guard lock(folderMutex);
    chosenFolder = folder;
}

fs::path fpgaImageFolder() {
    {
        const std::lock_guard lock(folderMutex);
        if (!chosenFolder.empty())
            return chosenFolder;
    }
    const char* folder = std::getenv("ZIPML_FPGA_IMAGES");
    return folder == nullptr ? fs::path{} : fs::path(folder);
}

std::vector<FpgaImage> listFpgaImages(const fs::path& folder) {
    std::vector<FpgaImage> images;
    std::error_code error;
    for (const FpgaDesign& design : fpgaDesigns())
        for (const ImageFormat& format : kFormats)
            if (const fs::path file = fileOf(folder, design, format); fs::exists(file, error))
                images.push_back({design, file, std::string(format.madeBy)});
    return images;
}

bool fits(const FpgaImage& image, const OpenClDevice& device) {
    const ImageFormat& format = formatOf(image);
    // Intel makes drivers of CPUs, too.
    const bool itsKind = format.madeBy == "PoCL" || device.type == "accelerator";
    return itsKind && device.platform.find(format.platform) != std::string::npos;
}

void checkFpgaImage(const FpgaImage& image) {
    wholeImage(image);
}

std::string describeFpgaImages(const fs::path& folder) {
    requireFolder(folder);
    const auto images = listFpgaImages(folder);
    std::string names, makers;
    for (const FpgaImage& image : images) {
        checkFpgaImage(image);
        names += (names.empty() ? "" : ", ") + image.design.name();
        if (makers.find(image.madeBy) == std::string::npos)
            makers += (makers.empty() ? "" : " and ") + image.madeBy;
    }
    if (images.empty())
        throw InputError(folder.string() + ": no FPGA image is here; looked for zipml_DESIGN.aocx, .xclbin "
                                           "and .poclbin");
    return std::to_string(images.size()) + (images.size() == 1 ? " image" : " images") + ", made by " +
           makers + ": " + names;
}

cl::Program loadFpgaImage(const ComputeContext& context, const FpgaDesign& design, const fs::path& folder) {
    requireFolder(folder);
    for (const FpgaImage& image : listFpgaImages(folder)) {
        if (image.design.name() != design.name())
            continue;
        const std::string bytes = wholeImage(image);
        return programFromBinary(context, image.file.string(),
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
