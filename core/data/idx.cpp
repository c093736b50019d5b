#include "core/data/idx.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace zipml {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::size_t kMagicBytes = 4, kDimensionBytes = 4;
constexpr std::size_t kQmnistColumns = 8;

struct Packing {
    const char *ending, *name;
};
constexpr Packing kPackings[] = {{".gz", "gzip"}, {".bz2", "bzip2"}, {".xz", "xz"}, {".zst", "zstd"}};

struct Naming {
    std::string_view images;
    std::array<std::string_view, 2> labels; ///< MNIST's, QMNIST's
};
constexpr Naming kNamings[] = {{"-images-idx3-ubyte", {"-labels-idx1-ubyte", "-labels-idx2-int"}},
                               {"-images.idx3-ubyte", {"-labels.idx1-ubyte", "-labels.idx2-int"}}};

const Naming* namingOf(const Path& images) {
    const auto* const found = std::ranges::find_if(
        kNamings, [name = unpackedName(images)](const Naming& n) { return name.ends_with(n.images); });
    return found == std::end(kNamings) ? nullptr : found;
}

std::optional<NumberType> numberTypeOf(char code) {
    switch (code) {
    case 0x08:
        return NumberType{NumberKind::Unsigned, 1, true};
    case 0x09:
        return NumberType{NumberKind::Signed, 1, true};
    case 0x0B:
        return NumberType{NumberKind::Signed, 2, true};
    case 0x0C:
        return NumberType{NumberKind::Signed, 4, true};
    case 0x0D:
        return NumberType{NumberKind::Float, 4, true};
    case 0x0E:
        return NumberType{NumberKind::Float, 8, true};
    default:
        return std::nullopt;
    }
}

bool isBytes(const ArrayLayout& layout) {
    return layout.type.kind == NumberKind::Unsigned;
}

bool isLabels(const ArrayLayout& layout) {
    const bool qmnist =
        layout.shape.size() == 2 && layout.shape[1] == kQmnistColumns && layout.type.bytes == 4;
    return layout.type.kind != NumberKind::Float && (layout.shape.size() == 1 || qmnist);
}

[[noreturn]] void failKind(const Path& file, const char* what, int magic) {
    throw InputError(file.string() + ": is not an IDX file of " + what +
                     " (its first four bytes would be the number " + std::to_string(magic) + ")");
}

constexpr int kImages = 2051, kLabels = 2049; // magic numbers

bool startsAsIdx(StoredBytes& bytes) {
    std::array<char, kMagicBytes> start{};
    return isIdx({start.data(), bytes.readSome(0, start)});
}

} // namespace

bool isIdx(std::string_view start) {
    constexpr int kMostDimensions = 8;
    return start.size() >= kMagicBytes && start[0] == 0 && start[1] == 0 && numberTypeOf(start[2]) &&
           start[3] >= 1 && start[3] <= kMostDimensions;
}

ArrayLayout readIdxHead(std::unique_ptr<StoredBytes>& bytes, const Job& job) {
    if (!startsAsIdx(*bytes))
        throw InputError(bytes->where() +
                         ": is no IDX file; it would begin with two zero bytes, its type of number and "
                         "how many dimensions it has");
    std::array<char, kMagicBytes> magic{};
    bytes->read(0, magic);
    ArrayLayout layout;
    layout.type = *numberTypeOf(magic[2]);
    std::vector<char> head(static_cast<std::size_t>(magic[3]) * kDimensionBytes);
    layout.offset = kMagicBytes + head.size();
    bytes->read(kMagicBytes, head);
    for (std::size_t at = 0; at < head.size(); at += kDimensionBytes) {
        std::size_t dimension = 0;
        for (std::size_t b = 0; b < kDimensionBytes; ++b)
            dimension = dimension << 8U | static_cast<unsigned char>(head[at + b]);
        layout.shape.push_back(dimension);
    }
    const std::string rows = std::to_string(layout.rows());
    const char* const what = layout.shape.size() == 3 ? " images" : isLabels(layout) ? " labels" : " rows";
    if (checkStored(bytes, layout, job, rows + what) > 0)
        throw InputError(bytes->where() + ": its head announces " + rows + what + ", " +
                         std::to_string(*bytesOf(layout) - layout.offset) +
                         " bytes in all, but more follow; it is damaged");
    return layout;
}

std::vector<double> readIdxLabels(const Path& file, const Job& job) {
    auto bytes = openStoredBytes(file);
    if (!startsAsIdx(*bytes))
        failKind(file, "labels", kLabels);
    const ArrayLayout layout = readIdxHead(bytes, job);
    if (!isLabels(layout))
        failKind(file, "labels", kLabels);
    const std::size_t row = layout.columns() * layout.type.bytes;
    std::vector<char> raw(row);
    std::vector<double> labels(layout.rows());
    if (layout.shape.size() == 1) {
        raw.resize(labels.size() * row);
        bytes->read(layout.offset, raw);
        decodeNumbers(layout.type, raw.data(), labels);
        return labels;
    }
    for (std::size_t r = 0; r < labels.size(); ++r) {
        bytes->read(layout.offset + r * row, raw);
        decodeNumbers(layout.type, raw.data(), std::span(labels).subspan(r, 1));
    }
    return labels;
}

IdxImages readIdx(const Path& images, const Path& labels) {
    auto bytes = openStoredBytes(images);
    if (!startsAsIdx(*bytes))
        failKind(images, "images", kImages);
    const ArrayLayout layout = readIdxHead(bytes);
    const auto& shape = layout.shape;
    if (!isBytes(layout) || shape.size() != 3)
        failKind(images, "images", kImages);
    const auto marks = readIdxLabels(labels);
    if (marks.size() != shape[0])
        throw InputError(labels.string() + ": has " + std::to_string(marks.size()) + " labels for the " +
                         std::to_string(shape[0]) + " images of " + images.filename().string());
    constexpr std::size_t kWidest = 1024;
    if (shape[0] == 0 || std::max(shape[1], shape[2]) > kWidest || std::min(shape[1], shape[2]) == 0)
        throw InputError(images.string() + ": " + std::to_string(shape[0]) + " images of " +
                         std::to_string(shape[1]) + " x " + std::to_string(shape[2]) +
                         " pixels; at least one of 1 to " + std::to_string(kWidest) + " a side is needed");
    const std::size_t size = *bytesOf(layout) - layout.offset;
    if (size > kMostBytes)
        throw InputError(images.string() + ": is larger than the " + std::to_string(kMostBytes >> 20U) +
                         " MB that are read at most");
    IdxImages set;
    set.height = shape[1];
    set.width = shape[2];
    set.pixels.resize(size);
    bytes->read(layout.offset, std::span(reinterpret_cast<char*>(set.pixels.data()), size));
    for (const double label : marks) {
        if (label < 0 || label > std::numeric_limits<std::uint8_t>::max())
            throw InputError(labels.string() + ": has the label " + std::to_string(std::llround(label)) +
                             "; classes are 0 to 255");
        set.labels.push_back(static_cast<std::uint8_t>(label));
    }
    return set;
}

bool isIdxImages(const Path& file) {
    return namingOf(file) != nullptr;
}

Path labelsBeside(const Path& images) {
    const Naming& naming = *namingOf(images);
    const std::string name = unpackedName(images);
    const std::string stem = name.substr(0, name.size() - naming.images.size());
    std::error_code ignored;
    for (const std::string_view ending : naming.labels) {
        Path plain = images.parent_path() / (stem + std::string(ending));
        if (std::filesystem::exists(plain, ignored))
            return plain;
        for (const auto& packing : kPackings)
            if (Path packed = plain.string() + packing.ending; std::filesystem::exists(packed, ignored))
                return packed;
    }
    return images.parent_path() / (stem + std::string(naming.labels.front()));
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
