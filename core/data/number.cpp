#include "core/data/number.h"

#include "core/data/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace zipml {
namespace {

char lowerCase(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::array<std::string_view, 6> kMissing{"", "na", "n/a", "?", "null", "none"};

/// Of a number that is out of range, whether it is too close to 0: from_chars does not tell. True when its
/// first digit that is not 0 stands behind the decimal point.
bool isTiny(std::string_view digits) {
    const auto exponentAt = std::min(digits.find_first_of("eE"), digits.size());
    const auto point = std::min(digits.find('.'), exponentAt);
    const auto first = digits.substr(0, exponentAt).find_first_of("123456789");
    auto position = static_cast<double>(point) - static_cast<double>(first); // 1.5: 1, 0.05: -2
    if (exponentAt < digits.size()) {
        const bool negative = digits.substr(exponentAt + 1).starts_with('-');
        const auto begin = digits.find_first_of("0123456789", exponentAt + 1);
        int exponent = 0;
        const auto parsed = std::from_chars(digits.data() + begin, digits.data() + digits.size(), exponent);
        if (parsed.ec != std::errc{})
            return negative;
        position += negative ? -exponent : exponent;
    }
    return position < 0;
}

} // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lowerCase, lowerCase);
}

FieldKind parseField(std::string_view text, float& value) {
    float decimal = 0;
    if (takeDecimal(text.data(), text.data() + text.size(), decimal) == text.data() + text.size() &&
        !text.empty()) {
        value = decimal;
        return FieldKind::Number;
    }
    std::string_view digits = text;
    if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-')
        digits.remove_prefix(1);
    float number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (end != digits.data() + digits.size() || error == std::errc::invalid_argument)
        return std::ranges::any_of(kMissing, [&](auto word) { return equalsIgnoringCase(text, word); })
                   ? FieldKind::Missing
                   : FieldKind::Text;
    if (error == std::errc::result_out_of_range) {
        if (!isTiny(digits))
            return FieldKind::TooLarge;
        number = 0;
    }
    if (!std::isfinite(number))
        return FieldKind::NotFinite;
    value = number;
    return FieldKind::Number;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::string inQuotes(std::string_view text) {
    constexpr std::size_t kShown = 40;
    std::string shown = "'";
    for (const char c : text.substr(0, kShown))
        shown += c >= ' ' && c <= '~' ? c : '?';
    return shown + (text.size() > kShown ? "...'" : "'");
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
    return inQuotes(text) + " is not a number; write one like 12, -0.5 or 1e-3";
}

} // namespace zipml
