#pragma once
/// What a CSV file looks like: delimiter, decimal mark, what stands in front of the first row; chosen by the
/// person, known from the training file, or found from the first lines.

#include "core/data/formats/format.h"
#include "core/data/formats/head.h"

#include <string>
#include <vector>

namespace zipml {

struct CsvLayout {
    char delimiter = ',';
    std::string delimiterName; ///< "comma"
    char decimal = '.';
    std::vector<std::string> names; ///< of all columns, UTF-8, each once; empty without a header
    std::size_t columns = 0;
    std::size_t headLines = 0; ///< of the head in front of the first row
    std::vector<std::string> notes;

    [[nodiscard]] bool header() const { return !names.empty(); }
};

/// @throws InputError for an option that is not understood, or a file without rows.
CsvLayout findLayout(const Head& head, const OpenRequest& request);

} // namespace zipml
