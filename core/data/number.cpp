#include "core/data/number.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

namespace zipml {
namespace {

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

constexpr std::array<std::string_view, 6> kMissing{"", "na", "n/a", "?", "null", "none"};

} // namespace

FieldKind parseField(std::string_view text, float& value) {
    std::string_view digits = text;
    if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-')
        digits.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (end != digits.data() + digits.size() || error == std::errc::invalid_argument)
        return std::ranges::any_of(kMissing, [&](auto word) { return equalsIgnoringCase(text, word); })
                   ? FieldKind::Missing
                   : FieldKind::Text;
    if (error == std::errc::result_out_of_range) {
        // from_chars does not say whether the number is too large or too close to 0; its exponent's sign
        // does.
        const auto exponent = digits.find_first_of("eE");
        if (exponent == std::string_view::npos || digits[exponent + 1] != '-')
            return FieldKind::TooLarge;
        value = 0;
        return FieldKind::Number;
    }
    if (!std::isfinite(number))
        return FieldKind::NotFinite;
    if (std::abs(number) > double{std::numeric_limits<float>::max()})
        return FieldKind::TooLarge;
    value = static_cast<float>(number);
    return FieldKind::Number;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string inQuotes(std::string_view text) {
    std::string shown = "'";
    for (const char c : text.substr(0, 40))
        shown += std::isprint(static_cast<unsigned char>(c)) != 0 ? c : '?';
    return shown + (text.size() > 40 ? "...'" : "'");
}

std::string describeField(FieldKind kind, std::string_view text) {
    switch (kind) {
    case FieldKind::Missing:
        return "a value is missing (" + inQuotes(text) + "); fill it in or drop the row";
    case FieldKind::NotFinite:
        return inQuotes(text) + " is not a finite number; replace it or drop the row";
    case FieldKind::TooLarge:
        return inQuotes(text) + " does not fit a 32-bit float; the largest is 3.4e38";
    case FieldKind::Text:
    case FieldKind::Number:
        break;
    }
    return inQuotes(text) + " is not a number; every column holds numbers";
}

} // namespace zipml
