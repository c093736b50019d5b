#include "core/data/utf8.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstddef>

namespace zipml {
namespace {

bool isAscii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Bytes of the character at the front, 0 where there is none (RFC 3629).
std::size_t characterBytes(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return 1;
    const std::size_t count = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < count)
        return 0;
    for (std::size_t i = 1; i < count; ++i)
        if (byte(i) < 0x80 || byte(i) > 0xBF)
            return 0;
    const bool bad = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) ||
                     (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F);
    return bad ? 0 : count;
}

bool isUtf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t count = characterBytes(text);
        if (count == 0)
            return false;
        text.remove_prefix(count);
    }
    return true;
}

std::string fromLatin1(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            result += c;
        } else {
            result += static_cast<char>(0xC0U | (byte >> 6U));
            result += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return result;
}

} // namespace

std::string asUtf8(std::string_view text, bool latin1) {
    if (isAscii(text) || isUtf8(text))
        return std::string(text);
    if (latin1)
        return fromLatin1(text);
    std::string result;
    while (!text.empty()) {
        const std::size_t count = characterBytes(text);
        result += count == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, count);
        text.remove_prefix(count == 0 ? 1 : count);
    }
    return result;
}

bool readsLatin1(std::string_view encoding) {
    if (encoding != "auto" && encoding != "utf-8" && encoding != "latin1")
        throw InputError("encoding: '" + std::string(encoding) +
                         "' is unknown; choose auto, utf-8 or latin1");
    return encoding != "utf-8";
}

} // namespace zipml
