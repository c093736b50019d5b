#pragma once
/// The first lines of a text file that hold something: what its format and layout are found from.

#include "core/base/job.h"
#include "core/data/text_reader.h"

#include <string>
#include <vector>

namespace zipml {

struct HeadLine {
    std::string text;
    std::size_t number = 0;         ///< of its first line in the file, from 1
    std::size_t begin = 0, end = 0; ///< bytes of text in front of it and of what follows it
};

struct Head {
    std::filesystem::path file;
    std::vector<HeadLine> lines; ///< up to a thousand, less if they are long; at least one
    std::size_t linesSkipped = 0;
    bool whole = false; ///< there are no further lines
};

/// Takes the lines to skip, and reads the head without taking it. Line ends within double quotes end no line.
/// @throws InputError for junk bytes in what is read, for damage, and when no line is left that holds
/// anything.
Head readHead(TextReader& reader, std::size_t skip, const Job& job);

} // namespace zipml
