#include "core/data/idx.h"

#include "core/base/error.h"
#include "core/data/unpack_file.h"

#include <algorithm>

namespace zipml {
namespace {

using Path = std::filesystem::path;

constexpr std::uint32_t kImages = 2051, kLabels = 2049; // magic numbers
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr const char* kImagesEnding = "-images-idx3-ubyte";
constexpr const char* kLabelsEnding = "-labels-idx1-ubyte";

struct Packing {
    const char *ending, *name;
};
constexpr Packing kPackings[] = {{".gz", "gzip"}, {".bz2", "bzip2"}, {".xz", "xz"}, {".zst", "zstd"}};

std::uint32_t bigEndian(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// The dimensions in a file's head. @throws InputError when it is no such file or its size is another.
std::vector<std::size_t> dimensionsOf(const Path& file, const std::string& bytes, std::uint32_t magic) {
    const std::size_t count = magic & 0xffU;
    const char* const what = magic == kImages ? "images" : "labels";
    const std::size_t head = 4 * (count + 1);
    if (bytes.size() < head || bigEndian(bytes, 0) != magic)
        throw InputError(file.string() + ": is not an IDX file of " + what +
                         " (its first four bytes would be the number " + std::to_string(magic) + ")");
    std::vector<std::size_t> dimensions;
    std::size_t size = 1;
    for (std::size_t d = 0; d < count; ++d) {
        dimensions.push_back(bigEndian(bytes, 4 * (d + 1)));
        size = dimensions.back() > kMostBytes / std::max<std::size_t>(size, 1) ? kMostBytes
                                                                               : size * dimensions.back();
    }
    if (bytes.size() - head != size)
        throw InputError(file.string() + ": its head announces " + std::to_string(dimensions[0]) + " " +
                         what + ", " + std::to_string(size) + " bytes in all, but " +
                         std::to_string(bytes.size() - head) + " follow; the file is cut short or damaged");
    return dimensions;
}

} // namespace

IdxImages readIdx(const Path& images, const Path& labels) {
    const std::string pixels = unpackFile(images, kMostBytes);
    const auto dimensions = dimensionsOf(images, pixels, kImages);
    const std::string marks = unpackFile(labels, kMostBytes);
    if (const auto count = dimensionsOf(labels, marks, kLabels)[0]; count != dimensions[0])
        throw InputError(labels.string() + ": has " + std::to_string(count) + " labels for the " +
                         std::to_string(dimensions[0]) + " images of " + images.filename().string());
    constexpr std::size_t kWidest = 1024;
    if (dimensions[0] == 0 || std::max(dimensions[1], dimensions[2]) > kWidest ||
        std::min(dimensions[1], dimensions[2]) == 0)
        throw InputError(images.string() + ": " + std::to_string(dimensions[0]) + " images of " +
                         std::to_string(dimensions[1]) + " x " + std::to_string(dimensions[2]) +
                         " pixels; at least one of 1 to " + std::to_string(kWidest) + " a side is needed");
    constexpr std::ptrdiff_t kImagesHead = 16, kLabelsHead = 8;
    IdxImages set;
    set.height = dimensions[1];
    set.width = dimensions[2];
    set.pixels.assign(pixels.begin() + kImagesHead, pixels.end());
    set.labels.assign(marks.begin() + kLabelsHead, marks.end());
    return set;
}

bool isIdxImages(const Path& file) {
    return unpackedName(file).ends_with(kImagesEnding);
}

Path labelsBeside(const Path& images) {
    std::string name = unpackedName(images);
    name.replace(name.rfind(kImagesEnding), std::string::npos, kLabelsEnding);
    const Path plain = images.parent_path() / name;
    std::error_code ignored;
    for (const auto& packing : kPackings)
        if (Path packed = plain.string() + packing.ending;
            !std::filesystem::exists(plain, ignored) && std::filesystem::exists(packed, ignored))
            return packed;
    return plain;
}

std::string packingOf(const Path& file) {
    const auto* const found = std::ranges::find(kPackings, file.extension().string(),
                                                [](const auto& p) { return std::string(p.ending); });
    return found == std::end(kPackings) ? "none" : found->name;
}

std::string unpackedName(const Path& file) {
    return (packingOf(file) == "none" ? file.filename() : file.stem()).string();
}

} // namespace zipml
