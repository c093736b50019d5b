#pragma once
/// The numbers of binary arrays: of which type they are, and their values as doubles.

#include <cstddef>
#include <span>

namespace zipml {

enum class NumberKind { Bool, Signed, Unsigned, Float };

struct NumberType {
    NumberKind kind = NumberKind::Float;
    std::size_t bytes = 8; ///< 1, 2, 4, 8; floats 2, 4, 8, 16 (the 80-bit format of x87 in 16 bytes)
    bool bigEndian = false;
};

/// @param bytes type.bytes a value. Integers beyond 2^53 become the nearest double; bytes of Bool other than
/// 0 are 1.
void decodeNumbers(const NumberType& type, const char* bytes, std::span<double> values);

} // namespace zipml
