#include "core/reproduce/digit_files.h"

#include "core/base/file.h"
#include "core/data/fingerprint.h"
#include "core/data/idx.h"

#include <string>

namespace zipml {
namespace {

void writeDigits(const IdxImages& images, int negative, int positive, const std::filesystem::path& file) {
    const std::size_t pixels = images.height * images.width;
    std::string text;
    for (std::size_t item = 0; item < images.size(); ++item) {
        const int digit = images.labels[item];
        if (digit != negative && digit != positive)
            continue;
        text += digit == positive ? "1" : "-1";
        for (std::size_t byte = 0; byte < pixels; ++byte) {
            const int pixel = images.pixels[item * pixels + byte];
            if (pixel > 0 || byte + 1 == pixels) // the last one tells the width
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
    DigitSets sets{stem.string() + ".libsvm", stem.string() + ".t.libsvm"};
    const auto files = digitFiles(folder);
    // Kept beside them: images that are others are cut again.
    const std::filesystem::path from = stem.string() + ".from";
    std::string images;
    for (const auto& file : files)
        images += fingerprintOf(file) + "\n";
    std::error_code none;
    const bool same = std::filesystem::exists(from, none) && readFile(from) == images;
    for (const bool test : {false, true}) {
        const auto& made = test ? sets.test : sets.train;
        if (same && std::filesystem::exists(made))
            continue;
        const std::size_t first = test ? 2 : 0;
        writeDigits(readIdx(files[first], files[first + 1]), negative, positive, made);
    }
    if (!same)
        writeFileAtomically(from, images);
    return sets;
}

} // namespace zipml
