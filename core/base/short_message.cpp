#include "core/base/short_message.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace zipml {
namespace {

constexpr std::size_t kUsual = 300; ///< bytes of a message
constexpr std::size_t kShown = 60;  ///< of what is too long
constexpr std::size_t kMostQuoted = 120, kMostOfWord = 160, kMostOfPath = 1000;

bool isLetter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// Whole characters of UTF-8.
std::string_view beginning(std::string_view text) {
    std::size_t end = std::min(kShown, text.size());
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end);
}

std::string cut(std::string_view text) {
    return std::string(beginning(text)) + "... (" + std::to_string(text.size()) + " bytes)";
}

/// An apostrophe within a word opens nothing.
bool opensQuote(std::string_view message, std::size_t at) {
    return (message[at] == '\'' || message[at] == '"') && (at == 0 || !isLetter(message[at - 1]));
}

} // namespace

std::string shortMessage(std::string message) {
    if (message.size() <= kUsual)
        return message;
    const std::string_view all(message);
    std::string shown;
    for (std::size_t at = 0; at < all.size();) {
        if (opensQuote(all, at)) {
            const std::size_t end = all.find(all[at], at + 1);
            if (end != std::string_view::npos && end - at > kMostQuoted) {
                shown += all[at] + cut(all.substr(at + 1, end - at - 1)) + all[at];
                at = end + 1;
                continue;
            }
        }
        if (all[at] == ' ' || opensQuote(all, at)) {
            shown += all[at++];
            continue;
        }
        const std::size_t end = std::min(all.find(' ', at), all.size());
        const std::string_view word = all.substr(at, end - at);
        const bool path = word.find('/') != std::string_view::npos;
        if (word.size() > (path ? kMostOfPath : kMostOfWord))
            shown += cut(word);
        else
            shown += word;
        at = end;
    }
    return shown;
}

} // namespace zipml
