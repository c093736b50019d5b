#pragma once
/// UTF-16, as MATLAB keeps texts, becomes UTF-8.

#include <cstdint>
#include <span>
#include <string>

namespace zipml {

/// Halves of pairs that stand alone become U+FFFD. @param units of 16 bits each
std::string utf8FromUtf16(std::span<const std::uint32_t> units);

} // namespace zipml
