#pragma once
/// Numbers in text files, without locale and without allocation.

#include <string>
#include <string_view>

namespace zipml {

/// What a field of a table holds.
enum class FieldKind { Number, Missing, NotFinite, TooLarge, Text };

/// @param text without surrounding blanks. @param value set for Number only, to the nearest float
FieldKind parseField(std::string_view text, float& value);

/// Without blanks (space and tab) at both ends.
std::string_view trimmed(std::string_view text);

/// Without regard to the case of A to Z, in any locale.
bool equalsIgnoringCase(std::string_view a, std::string_view b);

/// "'abc' is not a number; ..." and its like, for an error message.
std::string describeField(FieldKind kind, std::string_view text);

/// In quotes, at most 40 characters, anything but ASCII text as '?'.
std::string inQuotes(std::string_view text);

} // namespace zipml
