#pragma once
/// Reads what a cell of a text file holds, a number above all, without locale and without allocation.

#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// What a field of a table holds.
enum class FieldKind { Number, Missing, NotFinite, TooLarge, Text };

/// How a file writes its cells.
struct CellSyntax {
    char decimal = '.';             ///< or ','
    std::vector<std::string> marks; ///< that stand for a missing value beside the usual ones
};

/// @param text without surrounding blanks. @param value set for Number only, to the nearest float or double;
/// beyond the largest float a number is TooLarge in both
FieldKind parseField(std::string_view text, float& value);
FieldKind parseField(std::string_view text, double& value);
FieldKind parseField(std::string_view text, const CellSyntax& syntax, double& value);

/// Without blanks (space and tab) at both ends.
std::string_view trimmed(std::string_view text);

/// Without regard to the case of A to Z, in any locale.
bool equalsIgnoringCase(std::string_view a, std::string_view b);

/// "'abc' is not a number; ..." and its like, for an error message.
std::string describeField(FieldKind kind, std::string_view text);

/// In quotes, at most 40 characters, anything but ASCII text as '?'.
std::string inQuotes(std::string_view text);
/// "'a', 'b' and 3 more". @param most that are shown
std::string listInQuotes(const std::vector<std::string>& texts, std::size_t most);

} // namespace zipml
