#pragma once
/// A stored array is a matrix of numbers of one type in a binary file, one behind the other.

#include "core/data/formats/matrix_source.h"
#include "core/data/formats/number_type.h"
#include "core/data/formats/stored_bytes.h"

#include <cstdint>
#include <optional>

namespace zipml {

struct ArrayLayout {
    NumberType type;
    std::size_t offset = 0;         ///< of the first number, in bytes
    std::vector<std::size_t> shape; ///< rows first; each row is flattened, its last dimension the fastest
    bool columnMajor = false;       ///< the first dimension is the fastest in the file (Fortran)
    bool transposed = false;        ///< the last two dimensions of three change places (EMNIST's images)

    [[nodiscard]] std::size_t rows() const { return shape.front(); }
    [[nodiscard]] std::size_t columns() const;
};

/// Numbers times bytes of one, with the offset in front; none beyond what a file can have.
std::optional<std::size_t> bytesOf(const ArrayLayout& layout);
/// "(60000, 28, 28)"
std::string shapeText(const std::vector<std::size_t>& shape);
/// Looks whether all of the array is there, before anything of its size is made. A small one that is packed
/// is kept unpacked, a large one only counted.
/// @param what it holds, for the message; empty: its shape
/// @return bytes that follow the array; a packed file's are counted up to one
/// @throws InputError where the array is larger than what is stored.
std::size_t checkStored(std::unique_ptr<StoredBytes>& bytes, const ArrayLayout& layout, const Job& job,
                        const std::string& what = {});
/// @param bytes that hold the whole array. A packed one in Fortran's order is unpacked into memory.
/// @throws InputError where that does not fit.
std::unique_ptr<Matrix> arrayMatrix(std::unique_ptr<StoredBytes> bytes, ArrayLayout layout,
                                    const OpenRequest& request);

} // namespace zipml
