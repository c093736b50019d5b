#pragma once
/// Which of a file's named arrays is the matrix to learn from, and which one its labels.

#include "core/data/load_options.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace zipml {

struct Member {
    std::string name;
    std::vector<std::size_t> shape; ///< rows first
    bool numbers = false;           ///< of a type that is read
    bool texts = false;
};

/// The one chosen (LoadOptions::matrix); else the only one of two or more dimensions that is not called as
/// labels are; else the one called X, data, x, features or matrix; else the only array of numbers.
/// @throws InputError with all names and shapes where none of these is there.
std::size_t chooseMatrixMember(const std::string& file, std::span<const Member> members,
                               const LoadOptions& options);

/// Whether no label or a column of a matrix was chosen (LoadOptions::labelColumn): one that stands beside the
/// matrix counts as the column behind its last.
bool labelIsWithin(const LoadOptions& options, std::size_t columns);

/// The one chosen (LoadOptions::labels), none where that is a file; else one called y, label(s) or target(s),
/// or y_train for the matrix x_train, that has one value a row, unless the label is one of the matrix's
/// columns.
/// @param columns of the matrix
/// @param notes what was taken, or left out, and why
/// @throws InputError where the chosen one is neither a member nor a file.
std::optional<std::size_t> chooseLabelMember(const std::string& file, std::span<const Member> members,
                                             std::size_t matrix, std::size_t columns,
                                             const LoadOptions& options, std::vector<std::string>& notes);

} // namespace zipml
