#pragma once
/// IDX, the form of MNIST's files (http://yann.lecun.com/exdb/mnist): big-endian arrays, images in one file
/// and labels in another, plain or packed.

#include "core/data/formats/stored_array.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

struct IdxImages {
    std::size_t height = 0, width = 0;
    std::vector<std::uint8_t> pixels; ///< image by image, row by row
    std::vector<std::uint8_t> labels; ///< one an image

    [[nodiscard]] std::size_t size() const { return labels.size(); }
};

/// @param images magic number 2051 @param labels magic number 2049, or QMNIST's (as readIdxLabels)
/// @throws InputError naming the file: no such file, another magic number, cut short, as many labels as
/// images are not there, no image or one wider than 1024 pixels
IdxImages readIdx(const std::filesystem::path& images, const std::filesystem::path& labels);

/// Two zero bytes, a known type of number, and at least one dimension.
bool isIdx(std::string_view start);
/// @throws InputError where it is none, or has not as many bytes as its head announces.
ArrayLayout readIdxHead(std::unique_ptr<StoredBytes>& bytes, const Job& job = {});
/// One whole number a row; of QMNIST's eight numbers a row the first, which is the class.
/// @throws InputError where it is no IDX file of labels.
std::vector<double> readIdxLabels(const std::filesystem::path& file, const Job& job = {});

/// Whether its name is that of a file of images: "NAME-images-idx3-ubyte" or "NAME-images.idx3-ubyte", also
/// packed.
bool isIdxImages(const std::filesystem::path& file);
/// "DIR/NAME-labels-idx1-ubyte" (or QMNIST's "DIR/NAME-labels-idx2-int") for such a file, packed or not,
/// whichever is there; the plain name where none is.
std::filesystem::path labelsBeside(const std::filesystem::path& images);

/// "data_batch_1.bin.xz" -> "data_batch_1.bin"; the name itself where it is not that of a packed file.
std::string unpackedName(const std::filesystem::path& file);
/// By the name: "none", "gzip", "bzip2", "xz" or "zstd".
std::string packingOf(const std::filesystem::path& file);

} // namespace zipml
