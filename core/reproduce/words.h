#pragma once
/// Numbers as reports write them.

#include <array>
#include <cstdio>
#include <string>

namespace zipml {

/// "3.142" with four significant digits, or as `format` says.
inline std::string numberText(double number, const char* format = "%.4g") {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), format, number);
    return text.data();
}

/// "50 s", "12 min"
inline std::string durationText(double seconds) {
    return seconds < 90 ? numberText(seconds, "%.0f s") : numberText(seconds / 60, "%.0f min");
}

} // namespace zipml
