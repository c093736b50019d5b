#pragma once
/// resources/experiments/*.json, compiled in.

#include <span>
#include <string_view>

namespace zipml {

struct BuiltInText {
    std::string_view name; ///< of its file, without the ending
    std::string_view text;
};
/// By name.
std::span<const BuiltInText> builtInTexts();

} // namespace zipml
