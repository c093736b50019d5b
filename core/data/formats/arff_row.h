#pragma once
/// The rows of an ARFF file, cut into values: dense ones, and sparse ones as {index value, ...}.

#include "core/data/formats/arff_header.h"

#include <optional>
#include <string_view>
#include <vector>

namespace zipml {

/// One row's values; of a sparse one only those that it names.
struct ArffRow {
    std::vector<ArffWord> words; ///< one an attribute
    std::vector<bool> absent;    ///< sparse: it is 0, or the first value; empty: none is
    std::optional<double> weight;

    [[nodiscard]] bool isAbsent(std::size_t column) const { return !absent.empty() && absent[column]; }
};

/// @param stops what separates values: "," or " \t"
/// @throws LineFault
ArffRow splitArffRow(std::string_view line, std::size_t attributes, std::string_view stops);

} // namespace zipml
