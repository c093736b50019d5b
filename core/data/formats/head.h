#pragma once
/// The first lines of a file that hold something: what its format and layout are found from.

#include "core/base/job.h"
#include "core/data/text_reader.h"

#include <string>
#include <vector>

namespace zipml {

struct Head {
    std::filesystem::path file;
    std::vector<std::string> lines;  ///< up to a thousand, less if they are long; at least one
    std::size_t firstLine = 0;       ///< number of the first, from 1
    std::size_t firstLineEnd = 0;    ///< bytes of text in front of its end, from the start of the file
    std::size_t secondLineBegin = 0; ///< bytes of text in front of the second one; 0 when there is none
    std::size_t linesSkipped = 0;
};

/// Takes the lines to skip, and reads the head without taking it.
/// @throws InputError for junk bytes in what is read, for damage, and when no line is left that holds
/// anything.
Head readHead(TextReader& reader, std::size_t skip, const Job& job);

} // namespace zipml
