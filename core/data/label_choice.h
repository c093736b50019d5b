#pragma once
/// The label is the column that a table is about. Where neither the person nor a name says which one it is,
/// the first and the last column are held against each other, over all rows of the file.

#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// What is known of one column's numbers when the label is chosen.
struct LabelEvidence {
    static constexpr std::size_t kMostValues = 200; ///< that are told apart

    std::size_t rows = 0;
    bool words = false;    ///< texts, not numbers
    std::size_t kinds = 0; ///< of texts: how many differ
    bool whole = true;
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    std::set<double> values;  ///< while there are at most kMostValues
    bool many = false;        ///< there are more
    std::size_t decimals = 0; ///< most digits behind the point

    void add(double value);
};

struct LabelChoice {
    std::size_t column = 0;                ///< from 0
    std::string why;                       ///< "named 'y'"
    std::optional<std::size_t> doubt = {}; ///< where it was close: what else it may be
};

/// "the label is column 3, the last column; it may also be column 1: choose with --label-column"
std::string doubtText(const std::string& label, const std::string& why, const std::string& other);

/// @param columns of those that may be the label or a feature; at least one
/// @param names one a column, or none
LabelChoice chooseLabel(std::span<const LabelEvidence> columns, std::span<const std::string> names);

} // namespace zipml
