#pragma once
/// What a CSV file looks like: delimiter, header, label column; chosen by the person or found from the first
/// lines.

#include "core/data/formats/format.h"

#include <optional>
#include <string>
#include <vector>

namespace zipml {

struct CsvLayout {
    char delimiter = ',';
    std::string delimiterName; ///< "comma"
    bool header = false;
    std::vector<std::string> names;         ///< of all columns, the label's included; empty without a header
    std::size_t columns = 0;                ///< the label's included
    std::optional<std::size_t> labelColumn; ///< from 0; none for rows without a label
};

/// @throws InputError for an option that is not understood or does not fit the file.
CsvLayout detectLayout(const Head& head, const LoadOptions& options, const LoadContext& context);

} // namespace zipml
