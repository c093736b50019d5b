#include "core/reproduce/digit_files.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <zlib.h>

namespace zipml {
namespace {

constexpr std::uint32_t kImages = 2051, kLabels = 2049; // magic numbers

/// Plain files are read as they are.
std::string readGzip(const std::filesystem::path& file) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> stream(gzopen(file.c_str(), "rb"), gzclose);
    if (!stream)
        throw InputError(file.string() + ": cannot be opened");
    std::string bytes;
    std::array<char, 1 << 16> block;
    int count = 0;
    while ((count = gzread(stream.get(), block.data(), block.size())) > 0)
        bytes.append(block.data(), static_cast<std::size_t>(count));
    if (count < 0)
        throw InputError(file.string() + ": is damaged gzip data; download it again");
    return bytes;
}

struct Idx {
    std::string bytes;
    std::size_t items = 0, itemBytes = 1, header = 0;
    [[nodiscard]] std::uint8_t at(std::size_t item, std::size_t byte) const {
        return static_cast<std::uint8_t>(bytes[header + item * itemBytes + byte]);
    }
};

std::uint32_t bigEndian(const std::string& bytes, std::size_t begin) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8U | static_cast<std::uint8_t>(bytes[begin + i]);
    return number;
}

Idx readIdx(const std::filesystem::path& file, std::uint32_t magic) {
    Idx idx{readGzip(file)};
    const std::size_t dimensions = magic & 0xffU;
    idx.header = 4 * (dimensions + 1);
    if (idx.bytes.size() < idx.header || bigEndian(idx.bytes, 0) != magic)
        throw InputError(file.string() + ": is no IDX file of MNIST's " +
                         (magic == kImages ? "images" : "labels"));
    idx.items = bigEndian(idx.bytes, 4);
    for (std::size_t d = 1; d < dimensions; ++d)
        idx.itemBytes *= bigEndian(idx.bytes, 4 + 4 * d);
    if (idx.bytes.size() != idx.header + idx.items * idx.itemBytes)
        throw InputError(file.string() + ": is cut off; download it again");
    return idx;
}

void writeDigits(const Idx& images, const Idx& labels, int negative, int positive,
                 const std::filesystem::path& file) {
    std::string text;
    for (std::size_t item = 0; item < images.items; ++item) {
        const int digit = labels.at(item, 0);
        if (digit != negative && digit != positive)
            continue;
        text += digit == positive ? "1" : "-1";
        for (std::size_t byte = 0; byte < images.itemBytes; ++byte) {
            const int pixel = images.at(item, byte);
            if (pixel > 0 || byte + 1 == images.itemBytes) // the last one tells the width
                text += " " + std::to_string(byte + 1) + ":" + std::to_string(pixel);
        }
        text += '\n';
    }
    std::filesystem::create_directories(file.parent_path());
    writeFileAtomically(file, text);
}

} // namespace

std::vector<std::filesystem::path> digitFiles(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                             "t10k-labels-idx1-ubyte"}) {
        const auto plain = folder / name;
        files.push_back(std::filesystem::exists(plain) ? plain : folder / (std::string(name) + ".gz"));
    }
    return files;
}

DigitSets cutDigits(const std::filesystem::path& folder, int negative, int positive,
                    const std::filesystem::path& stem) {
    const DigitSets sets{stem.string() + ".libsvm", stem.string() + ".t.libsvm"};
    const auto files = digitFiles(folder);
    for (const bool test : {false, true}) {
        const auto& made = test ? sets.test : sets.train;
        if (std::filesystem::exists(made))
            continue;
        const std::size_t first = test ? 2 : 0;
        const Idx images = readIdx(files[first], kImages), labels = readIdx(files[first + 1], kLabels);
        if (images.items != labels.items)
            throw InputError(files[first + 1].string() + ": has " + std::to_string(labels.items) +
                             " labels for " + std::to_string(images.items) + " images");
        writeDigits(images, labels, negative, positive, made);
    }
    return sets;
}

} // namespace zipml
