#pragma once
/// Two digits of MNIST's image files as LIBSVM text, the form that runs read.

#include <filesystem>
#include <vector>

namespace zipml {

/// The four files of MNIST's original form, compressed with gzip or not: images and labels, training and
/// test.
std::vector<std::filesystem::path> digitFiles(const std::filesystem::path& folder);

struct DigitSets {
    std::filesystem::path train, test;
};
/// Images of `negative` (label -1) and `positive` (label 1) in the files' order; pixels 0 to 255. Written
/// once: files that are there are kept.
/// @param stem of the files: STEM.libsvm and STEM.t.libsvm
/// @throws InputError where a file is no IDX file; RunError when it cannot be written
DigitSets cutDigits(const std::filesystem::path& folder, int negative, int positive,
                    const std::filesystem::path& stem);

} // namespace zipml
