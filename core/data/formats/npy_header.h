#pragma once
/// The header of a NumPy array file: NPY format, versions 1 to 3
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).

#include "core/data/formats/stored_array.h"

#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// "<f8": '<', 'f' and 8.
struct NpyType {
    char order = '|', kind = '\0'; ///< kind '\0': none of NumPy's plain types
    std::size_t bytes = 0;         ///< of 'U': characters of four bytes
};

struct NpyHeader {
    std::string type; ///< as NumPy writes it: "<f8", "|b1", "<U10"; of a structured array its list
    bool fortranOrder = false;
    std::vector<std::size_t> shape;
    std::size_t dataOffset = 0;

    [[nodiscard]] NpyType parts() const;
    /// Numbers that are read.
    [[nodiscard]] bool hasNumbers() const;
    /// Texts: NumPy's U (UCS-4) or S (bytes).
    [[nodiscard]] bool hasTexts() const;
};

bool isNpy(std::string_view start);

/// @throws InputError where it is no NPY header, or a damaged one.
NpyHeader readNpyHeader(StoredBytes& bytes);

/// @param where what the message begins with
/// @throws InputError for types that are no real numbers, with how to save them, and for arrays without a
/// dimension.
ArrayLayout layoutOf(const NpyHeader& header, const std::string& where);

} // namespace zipml
