#pragma once
/// What tells an edited text from one as written: FNV-1a, 64 bits, the same in every build, unlike std::hash.

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace zipml {

/// 16 hexadecimal digits.
inline std::string textHash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    char digits[20];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
    return digits;
}

} // namespace zipml
