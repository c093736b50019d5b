#include "core/base/utf8.h"

namespace zipml {
namespace {

/// U+EF80 to U+EFFF in UTF-8: EE BE 80 to EE BF BF; their last six bits and one of the second byte are the
/// low seven bits of what they stand for.
constexpr unsigned char kLead = 0xEE, kLower = 0xBE, kUpper = 0xBF;
constexpr std::size_t kEscapeBytes = 3;

unsigned char byteAt(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

bool isEscape(std::string_view text) {
    return text.size() >= kEscapeBytes && byteAt(text, 0) == kLead &&
           (byteAt(text, 1) == kLower || byteAt(text, 1) == kUpper) && (byteAt(text, 2) & 0xC0U) == 0x80U;
}

void appendEscaped(char c, std::string& text) {
    const auto byte = static_cast<unsigned char>(c); // of 0x80 or more
    text += static_cast<char>(kLead);
    text += static_cast<char>(byte < 0xC0 ? kLower : kUpper);
    text += static_cast<char>(0x80U | (byte & 0x3FU));
}

} // namespace

std::size_t utf8CharacterBytes(std::string_view text) {
    const unsigned char lead = byteAt(text, 0);
    if (lead < 0x80)
        return 1;
    const std::size_t count = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < count)
        return 0;
    for (std::size_t i = 1; i < count; ++i)
        if (byteAt(text, i) < 0x80 || byteAt(text, i) > 0xBF)
            return 0;
    const unsigned char second = byteAt(text, 1);
    const bool bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                     (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    return bad ? 0 : count;
}

bool isUtf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t count = utf8CharacterBytes(text);
        if (count == 0)
            return false;
        text.remove_prefix(count);
    }
    return true;
}

std::string textOfFileName(std::string_view name) {
    std::string text;
    while (!name.empty()) {
        std::size_t count = utf8CharacterBytes(name);
        if (count == 0 || isEscape(name)) { // a name that has such a character comes back as well
            count = count == 0 ? 1 : count;
            for (const char c : name.substr(0, count))
                appendEscaped(c, text);
        } else {
            text += name.substr(0, count);
        }
        name.remove_prefix(count);
    }
    return text;
}

std::string fileNameOfText(std::string_view text) {
    std::string name;
    while (!text.empty()) {
        if (isEscape(text)) {
            const unsigned base = byteAt(text, 1) == kLower ? 0x80U : 0xC0U;
            name += static_cast<char>(base | (byteAt(text, 2) & 0x3FU));
            text.remove_prefix(kEscapeBytes);
        } else {
            name += text.front();
            text.remove_prefix(1);
        }
    }
    return name;
}

} // namespace zipml
