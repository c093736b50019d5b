#include "core/data/utf16.h"

namespace zipml {
namespace {

bool isHigh(std::uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool isLow(std::uint32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

void append(std::uint32_t code, std::string& text) {
    const auto byte = [&](std::uint32_t bits) { text += static_cast<char>(bits); };
    const auto tail = [&](unsigned shift) { byte(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0U | code >> 6U);
        tail(0);
    } else if (code < 0x10000) {
        byte(0xE0U | code >> 12U);
        tail(6);
        tail(0);
    } else {
        byte(0xF0U | code >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

} // namespace

std::string utf8FromUtf16(std::span<const std::uint32_t> units) {
    constexpr std::uint32_t kReplacement = 0xFFFD;
    std::string text;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const std::uint32_t unit = units[i];
        if (isHigh(unit) && i + 1 < units.size() && isLow(units[i + 1]))
            append(0x10000 + ((unit - 0xD800) << 10U) + (units[++i] - 0xDC00), text);
        else
            append(isHigh(unit) || isLow(unit) || unit > 0xFFFF ? kReplacement : unit, text);
    }
    return text;
}

} // namespace zipml
