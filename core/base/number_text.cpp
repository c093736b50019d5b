#include "core/base/number_text.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace zipml {

std::optional<double> parseFinite(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

std::optional<std::vector<double>> parseFiniteList(std::string_view text) {
    std::vector<double> numbers;
    while (true) {
        const auto comma = text.find(',');
        const auto number = parseFinite(text.substr(0, comma));
        if (!number)
            return std::nullopt;
        numbers.push_back(*number);
        if (comma == std::string_view::npos)
            return numbers;
        text.remove_prefix(comma + 1);
    }
}

std::string shortest(double number) {
    return nlohmann::json(number).dump();
}

} // namespace zipml
