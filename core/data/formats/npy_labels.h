#pragma once
/// Labels in NumPy arrays: numbers or texts, one a row.

#include "core/data/formats/npy_header.h"

#include <filesystem>

namespace zipml {

/// A one-dimensional array, or one of one column, of numbers or texts, as labels. @throws InputError
MatrixLabels readNpyLabels(std::unique_ptr<StoredBytes> bytes, const NpyHeader& header,
                           const OpenRequest& request);

/// As readLabelFile, also for NPY files of texts.
MatrixLabels readAnyLabelFile(const std::filesystem::path& file, const OpenRequest& request);

} // namespace zipml
