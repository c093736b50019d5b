#pragma once
/// Images with labels, as bytes.

#include "core/base/job.h"
#include "core/deep/network.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace zipml::deep {

struct ImageSet {
    Shape shape;
    std::vector<std::uint8_t> pixels; ///< image by image, each channels x height x width
    std::vector<std::uint8_t> labels; ///< below the number of classes

    [[nodiscard]] std::size_t size() const { return labels.size(); }
    [[nodiscard]] std::span<const std::uint8_t> image(std::size_t index) const {
        return std::span(pixels).subspan(index * shape.size(), shape.size());
    }
};

/// Leaves out what follows the first `most` images; 0: nothing.
void keepFirst(ImageSet& set, std::size_t most);

/// A training and a test part.
struct ImageData {
    std::string name;                 ///< "cifar10", "shapes"
    std::vector<std::string> classes; ///< a name a label
    ImageSet train, test;
    bool mirrorable = true;                     ///< a mirrored image keeps its label
    [[nodiscard]] std::string describe() const; ///< "cifar10: 35000 training and 9966 test images"
    /// "version 0.2.0, images of crc32 0a1b2c3d", of the program and of all pixels and labels: so a result that is
    /// kept knows again what it depends on beside its settings.
    [[nodiscard]] std::string fingerprint() const;
};

/// The files that loadImageData reads, by name; none where images are generated.
std::vector<std::filesystem::path> imageFiles(const std::string& source);

/// `source`: "shapes" for generated images, "shapes:N" for N of them to train on, or a folder with CIFAR-10,
/// CIFAR-100 or STL-10 (*.bin) or MNIST (*-idx?-ubyte) files, each plain or packed with gzip, bzip2, xz or
/// zstd. CIFAR-100 has its 100 fine labels, and as "FOLDER:coarse" its 20 coarse ones.
/// @param trainLimit, testLimit the most images of each part, the first ones; 0: all
/// @param seed of generated images
/// @throws InputError naming the file, what is wrong and what would be right; Cancelled
ImageData loadImageData(const std::string& source, std::uint64_t seed, std::size_t trainLimit = 0,
                        std::size_t testLimit = 0, const Job& job = {});

/// MNIST's files (core/data/idx.h), labels 0 to 9.
ImageSet readImages(const std::filesystem::path& images, const std::filesystem::path& labels);

/// Ten classes of shapes, 32 x 32 x 3, of random place, size, slant and colours, in noise: equal for equal
/// seeds. Images from `first` on.
ImageSet drawShapes(std::size_t count, std::uint64_t seed, std::size_t first = 0);
std::vector<std::string> shapeClasses();

} // namespace zipml::deep
