#pragma once
/// A matrix that is kept as its entries other than zero, and read row by row as if it were dense.

#include "core/data/formats/matrix_source.h"

#include <cstdint>
#include <vector>

namespace zipml {

struct SparseEntry {
    std::uint32_t row = 0, column = 0; ///< from 0
    double value = 0;
};

/// @param entries in any order; those of one place are added up, as SciPy does
std::unique_ptr<Matrix> sparseMatrix(std::size_t rows, std::size_t columns, std::vector<SparseEntry> entries);

/// @throws InputError where so few rows have an entry that the size must be wrong: it costs no bytes of the
/// file.
void requireEntries(const std::string& file, std::size_t rows, std::size_t entries);

} // namespace zipml
