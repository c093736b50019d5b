#pragma once
/// Loops over rows of float32 that compute in double: scores of rows, as they are or with a shift taken from
/// them, sums of such rows, and the products of all pairs of columns (a Gram matrix). One source (double_row_loops.h) is compiled
/// for each instruction set; all of them give the same bits.

#include "core/kernels/isa.h"

#include <cstddef>

namespace zipml {

/// Columns of a panel: 16 of each row stand together, the rows of a panel behind one another.
constexpr std::size_t kPanelColumns = 16;

struct DoubleRowKernels {
    /// Sum of row * weights.
    double (*dot)(const float* row, const double* weights, std::size_t n);
    /// total += scale * row
    void (*addScaled)(const float* row, double scale, std::size_t n, double* total);
    /// Sum of (row - shift) * weights.
    double (*score)(const float* row, const double* shift, const double* weights, std::size_t n);
    /// total += scale * (row - shift)
    void (*addRow)(const float* row, const double* shift, double scale, std::size_t n, double* total);
    /// gram[j * 16 * panels + i] += sum over the rows of column i * column j, for the columns i of panels not
    /// before j's. @param columns `panels` panels of `rows` rows each
    void (*addProducts)(const double* columns, std::size_t rows, std::size_t panels, double* gram);
};

const DoubleRowKernels& doubleRowKernels(Isa isa);

extern const DoubleRowKernels kDoubleRowsScalar;
extern const DoubleRowKernels kDoubleRowsAvx2;
extern const DoubleRowKernels kDoubleRowsAvx512;

} // namespace zipml
