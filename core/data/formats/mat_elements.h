#pragma once
/// The elements of a MATLAB file of version 5 or 4, one a variable, checked before libmatio reads them: it
/// takes what is cut short or damaged for the end of the file. Source: MathWorks, MAT-File Format, chapter 1.

#include "core/data/seekable_file.h"

#include <vector>

namespace zipml {

struct MatElement {
    std::uint64_t offset = 0; ///< of its bytes, behind the tag
    std::uint64_t bytes = 0;
    bool packed = false; ///< with zlib
};

/// Of a file of version 5. @throws InputError where one is cut short, or no element.
std::vector<MatElement> matElements(const SeekableFile& file);

/// Reads one of version 5 from end to end.
/// @return its bytes, unpacked. @throws InputError where it is damaged, or an array of numbers in it has not
/// as many as its dimensions say.
std::uint64_t checkMatElement(const SeekableFile& file, const MatElement& element);

/// Whether the bytes are the header of a variable of version 4.
bool looksLikeMat4(std::string_view bytes);
/// How many variables a file of version 4 has. @throws InputError where one is cut short.
std::size_t countMat4Variables(const SeekableFile& file);

} // namespace zipml
