#pragma once
/// Text from files, which may be in any encoding, becomes UTF-8 at the door.

#include <string>
#include <string_view>

namespace zipml {

/// `text` itself where it is UTF-8; else decoded as Latin-1, or with U+FFFD for each byte that does not fit.
std::string asUtf8(std::string_view text, bool latin1);
/// What LoadOptions::encoding means for text that is not UTF-8. @throws InputError with the choices.
bool readsLatin1(std::string_view encoding);

} // namespace zipml
