#pragma once
/// Image sets in binary files: CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html), and
/// STL-10 (https://cs.stanford.edu/~acoates/stl10).

#include "core/deep/image_set.h"

namespace zipml::deep {

/// Records of a label byte, or of a coarse and a fine one, and 3 planes of 32 x 32 bytes.
/// @param files of the folder, *.bin, by name, plain or packed; at least one. Those called test* are the test
/// part.
/// @param coarse of CIFAR-100; its classes have the names of fine_label_names.txt or coarse_label_names.txt
/// in the folder, else numbers
/// @throws InputError; Cancelled
ImageData loadCifar(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& files,
                    bool coarse, std::size_t trainLimit, std::size_t testLimit, const Job& job);

/// Whether train_X.bin is among the files.
bool isStl(const std::vector<std::filesystem::path>& files);
/// 3 x 96 x 96 pixels, whose planes the files keep column by column; labels 1 to 10 become 0 to 9.
ImageData loadStl(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& files,
                  std::size_t trainLimit, std::size_t testLimit, const Job& job);

} // namespace zipml::deep
