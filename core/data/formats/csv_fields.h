#pragma once
/// The fields of a CSV line and the delimiters between them.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

struct Delimiter {
    char character;
    std::string_view name;
};

/// How columns are separated and how a decimal point is written.
struct TableMarks {
    Delimiter delimiter;
    char decimal = '.';
};

/// Double quotes around a field are removed and protect what is within; quotes within are doubled and stay so
/// (withoutDoubledQuotes). Blanks at both ends of a field are dropped; with the delimiter ' ' any run of
/// blanks is one delimiter.
void splitFields(std::string_view line, char delimiter, std::vector<std::string_view>& fields);
std::string withoutDoubledQuotes(std::string_view field);

/// The names in a list of an option: "a,\"b, c\",3".
std::vector<std::string> namesInList(const std::string& list);

/// Those under which the lines look most like a table of numbers; comma and point when none fits.
/// @param delimiter, decimal what was chosen; "auto": found
TableMarks findMarks(const std::vector<std::string_view>& lines, const std::string& delimiter,
                     const std::string& decimal);

} // namespace zipml
