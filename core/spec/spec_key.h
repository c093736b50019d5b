#pragma once
/// One setting of a spec: a flag of the command line ("--label-column") and a key in JSON ("label_column").

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace zipml {

struct SpecKey {
    enum class Kind { Text, TextOrNumber, Number, Whole, YesNo };
    std::string_view name; ///< the JSON key
    Kind kind;
    std::string values;    ///< what may be given: "FILE", "1..16|32"
    std::string_view help; ///< with units
};

/// A setting's value from its text, as the command line gives it. @throws InputError naming the flag.
nlohmann::json specValue(const SpecKey& key, const std::string& text);
/// @throws InputError where the value's JSON type is not of the key's kind.
void checkKind(const SpecKey& key, const nlohmann::json& value);
/// "label_column" -> "label-column"
std::string flagOf(std::string_view key);
/// The flag with its value as a shell reads it: "--bits 4", "--name 'my run'", "--no-intercept".
std::string flagWithValue(const SpecKey& key, const nlohmann::json& value);
/// As one word of a shell's line, in quotes where it needs them.
std::string shellWord(const std::string& word);

} // namespace zipml
