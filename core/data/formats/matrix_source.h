#pragma once
/// A matrix source gives the rows of a binary file's matrix, with its labels beside it where they stand
/// apart.

#include "core/data/formats/format.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace zipml {

/// The numbers of one matrix in a file, dense or sparse, row by row.
class Matrix {
  public:
    Matrix() = default;
    Matrix(const Matrix&) = delete;
    Matrix& operator=(const Matrix&) = delete;
    virtual ~Matrix() = default;

    [[nodiscard]] virtual std::size_t rows() const = 0;
    [[nodiscard]] virtual std::size_t columns() const = 0;
    /// Fills `cells` with rows [first, first + count), row-major; NaN where a value is missing. Called from
    /// one thread, with rising `first`. @throws InputError where the file is damaged.
    virtual void read(std::size_t first, std::size_t count, std::span<double> cells) = 0;
};

/// Labels that stand apart from the matrix: numbers or texts, one a row; or none.
struct MatrixLabels {
    std::vector<double> numbers;
    std::vector<std::string> texts;
    std::string name; ///< of the column that they become; "" where the matrix's columns have no names

    [[nodiscard]] std::size_t size() const { return texts.empty() ? numbers.size() : texts.size(); }
};

/// @param shape format, compression, names of the matrix's columns (or none) and notes; the rest is filled
/// in. With labels the table has one column more, the last, and it is the label.
/// @throws InputError where the labels are not as many as the rows, the matrix has no row or no column, or
/// one row would not fit into memory.
std::unique_ptr<RowSource> sourceOf(const OpenRequest& request, std::unique_ptr<Matrix> matrix,
                                    SourceShape shape, MatrixLabels labels = {});

/// The labels in a file of their own (LoadOptions::labels), in any format, one column: numbers or texts.
MatrixLabels readLabelFile(const std::filesystem::path& file, const OpenRequest& request);

} // namespace zipml
