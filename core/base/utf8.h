#pragma once
/// UTF-8, the encoding of all text inside the program and of JSON. File names are bytes of any kind: in texts
/// each byte that is no UTF-8 is a character of its own, so that the name can be made out of the text again.

#include <cstddef>
#include <string>
#include <string_view>

namespace zipml {

/// Bytes of the character at the front, 0 where there is none (RFC 3629). @param text not empty
std::size_t utf8CharacterBytes(std::string_view text);
bool isUtf8(std::string_view text);

/// `name` itself where it is UTF-8; else each byte B that is not is U+EF00 + B, a character for private use
/// (as in MirBSD's OPTU-8; Python's surrogates, PEP 383, cannot be written as JSON).
std::string textOfFileName(std::string_view name);
/// The name that textOfFileName made `text` of.
std::string fileNameOfText(std::string_view text);

} // namespace zipml
