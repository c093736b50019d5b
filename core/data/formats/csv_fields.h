#pragma once
/// The fields of a CSV line and the delimiters between them.

#include <string>
#include <string_view>
#include <vector>

namespace zipml {

struct Delimiter {
    char character;
    std::string_view name;
};

/// Double quotes around a field are removed and protect delimiters within. Blanks at both ends of a field are
/// dropped; with the delimiter ' ' any run of blanks is one delimiter.
void splitFields(std::string_view line, char delimiter, std::vector<std::string_view>& fields);

/// The one under which the lines look most like a table of numbers; comma when none fits.
Delimiter detectDelimiter(const std::vector<std::string>& head);

/// @throws InputError with the choices.
Delimiter delimiterNamed(std::string_view name);

} // namespace zipml
