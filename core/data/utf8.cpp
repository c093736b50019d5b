#include "core/data/utf8.h"

#include "core/base/error.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <cstddef>

namespace zipml {
namespace {

bool isAscii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
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
        const std::size_t count = utf8CharacterBytes(text);
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
