#pragma once
/// Images with labels in the form of MNIST's files: one file of each, big-endian, plain or packed.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace zipml {

struct IdxImages {
    std::size_t height = 0, width = 0;
    std::vector<std::uint8_t> pixels; ///< image by image, row by row
    std::vector<std::uint8_t> labels; ///< one an image

    [[nodiscard]] std::size_t size() const { return labels.size(); }
};

/// @param images magic number 2051 @param labels magic number 2049
/// @throws InputError naming the file: no such file, another magic number, cut short, as many labels as
/// images are not there, no image or one wider than 1024 pixels
IdxImages readIdx(const std::filesystem::path& images, const std::filesystem::path& labels);

/// Whether its name is that of a file of images: "NAME-images-idx3-ubyte", also packed.
bool isIdxImages(const std::filesystem::path& file);
/// "DIR/NAME-labels-idx1-ubyte" for such a file, packed or not, whichever is there; the plain name where none
/// is.
std::filesystem::path labelsBeside(const std::filesystem::path& images);

/// "data_batch_1.bin.xz" -> "data_batch_1.bin"; the name itself where it is not that of a packed file.
std::string unpackedName(const std::filesystem::path& file);
/// By the name: "none", "gzip", "bzip2", "xz" or "zstd".
std::string packingOf(const std::filesystem::path& file);

} // namespace zipml
