#pragma once
/// Numbers as reports write them, and the words for how far a published statement is to be trusted.

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace zipml {

/// How far a published statement is to be trusted stands in parentheses behind it, "(read in the source)" or
/// "(recalled, low confidence)", in these words (docs/method.md says more of them).
struct TrustWord {
    std::string_view word, meaning;
};
inline constexpr TrustWord kTrustWords[] = {
    {"read", "seen in the source"},
    {"proved", "derived and checked"},
    {"recalled", "remembered, with the confidence that is named"},
    {"inferred", "a conclusion that no source states"},
};

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
