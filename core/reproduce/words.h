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

} // namespace zipml
