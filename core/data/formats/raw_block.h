#pragma once
/// A raw block is some whole rows of a file, read and not yet understood.

#include <cstddef>
#include <string>

namespace zipml {

/// Some whole rows as the file has them: text, or bytes that only the format knows.
struct RawBlock {
    std::string bytes;
    std::size_t offset = 0; ///< of the first byte in the unpacked text, or of the first row
    std::size_t rows = 0;   ///< where the format knows
    double share = 0;       ///< of the file read by then, 0 to 1
};

} // namespace zipml
