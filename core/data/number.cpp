#include "core/data/number.h"

#include "core/data/decimal.h"

#include <algorithm>
#include <array>
#include <cfloat>
#include <charconv>
#include <cmath>

namespace zipml {
namespace {

char lowerCase(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::array<std::string_view, 9> kMissing{"",     "na",   "n/a",  "#n/a", "nan",
                                                   "-nan", "null", "none", "?"};

bool isMissing(std::string_view text) {
    return text.size() <= 4 &&
           std::ranges::any_of(kMissing, [&](auto word) { return equalsIgnoringCase(text, word); });
}

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

template <class Value>
FieldKind parse(std::string_view text, Value& value) {
    Value decimal = 0;
    if (!text.empty() &&
        takeDecimal(text.data(), text.data() + text.size(), decimal) == text.data() + text.size()) {
        if (std::abs(decimal) > static_cast<Value>(FLT_MAX))
            return FieldKind::TooLarge;
        value = decimal;
        return FieldKind::Number;
    }
    if (isMissing(text))
        return FieldKind::Missing;
    std::string_view digits = text;
    if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-')
        digits.remove_prefix(1);
    Value number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (end != digits.data() + digits.size() || error == std::errc::invalid_argument)
        return FieldKind::Text;
    if (error == std::errc::result_out_of_range) {
        if (!isTiny(digits))
            return FieldKind::TooLarge;
        number = 0;
    }
    if (!std::isfinite(number))
        return FieldKind::NotFinite;
    if (std::abs(number) > static_cast<Value>(FLT_MAX))
        return FieldKind::TooLarge;
    value = number;
    return FieldKind::Number;
}

} // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lowerCase, lowerCase);
}

FieldKind parseField(std::string_view text, float& value) {
    return parse(text, value);
}

FieldKind parseField(std::string_view text, double& value) {
    return parse(text, value);
}

FieldKind parseField(std::string_view text, const CellSyntax& syntax, double& value) {
    FieldKind kind = FieldKind::Text;
    const auto comma = syntax.decimal == ',' ? text.find(',') : std::string_view::npos;
    std::array<char, 64> pointed{};
    if (comma != std::string_view::npos && text.size() <= pointed.size() &&
        text.find('.') == std::string_view::npos) {
        std::ranges::copy(text, pointed.begin());
        pointed[comma] = '.';
        kind = parse(std::string_view(pointed.data(), text.size()), value);
    } else if (syntax.decimal == '.' || text.find('.') == std::string_view::npos) {
        kind = parse(text, value);
    }
    if (!syntax.marks.empty() &&
        std::ranges::any_of(syntax.marks, [&](const std::string& mark) { return text == mark; }))
        return FieldKind::Missing;
    return kind;
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

std::string listInQuotes(const std::vector<std::string>& texts, std::size_t most) {
    std::string list;
    for (std::size_t i = 0; i < std::min(texts.size(), most); ++i)
        list += (list.empty() ? "" : ", ") + inQuotes(texts[i]);
    if (texts.size() > most)
        list += " and " + std::to_string(texts.size() - most) + " more";
    return list;
}

std::string describeField(FieldKind kind, std::string_view text) {
    switch (kind) {
    case FieldKind::Missing:
        return "a value is missing (" + inQuotes(text) +
               "); choose what becomes of it: --missing drop, mean, median or constant:0 (Missing values in "
               "the lab)";
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
