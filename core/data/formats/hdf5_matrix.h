#pragma once
/// Matrices of HDF5 files: dense data sets, and compressed sparse groups of three data sets.

#include "core/data/formats/hdf5_file.h"
#include "core/data/formats/matrix_source.h"

#include <memory>
#include <string>

namespace zipml {

/// A data set of one or more dimensions: rows first, and each row is flattened.
/// @param transposed its second dimension is the rows, as MATLAB writes them
std::unique_ptr<Matrix> denseMatrix(std::shared_ptr<const Hdf5File> file, const std::string& path,
                                    bool transposed);

/// A sparse matrix in compressed form: entries i with pointers[k] <= i < pointers[k + 1] belong to row (or
/// column) k, and stand in column (or row) indices[i].
struct CompressedGroup {
    std::string values, indices, pointers; ///< paths
    std::size_t rows = 0, columns = 0;
    bool byColumn = false; ///< k is a column
};
/// @throws InputError where the parts do not fit together.
std::unique_ptr<Matrix> compressedMatrix(std::shared_ptr<const Hdf5File> file, const CompressedGroup& group);

} // namespace zipml
