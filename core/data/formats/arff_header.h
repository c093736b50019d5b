#pragma once
/// The head of an ARFF file (https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable): its
/// attributes, and the words that its lines are made of.

#include "core/data/formats/arff_date.h"
#include "core/data/text_reader.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

enum class ArffKind { Number, Nominal, Text, Date };

struct ArffAttribute {
    std::string name; ///< UTF-8
    ArffKind kind = ArffKind::Number;
    std::vector<std::string> values; ///< of a nominal one, as declared; UTF-8
    std::optional<ArffDate> date;
};

struct ArffHeader {
    std::vector<ArffAttribute> attributes;
    std::size_t lines = 0; ///< up to @data, with it
};

/// Takes the head, up to @data.
/// @throws InputError naming the line: an attribute without a name or type, of an unknown type, twice of a
/// name; no attribute, no @data, junk bytes, damage.
ArffHeader readArffHeader(TextReader& reader, bool latin1);

/// A value as it stands in a line.
struct ArffWord {
    std::string_view text;
    bool quoted = false;  ///< with ' or "; the quotes are removed
    bool escaped = false; ///< it has backslashes
};

/// Takes a value up to one of `stops` or the end, without the blanks around it. None where a quote is not
/// closed, or something follows it.
std::optional<ArffWord> takeArffWord(std::string_view& rest, std::string_view stops);
/// Its text in UTF-8, backslashes resolved.
std::string textOf(const ArffWord& word, bool latin1);

} // namespace zipml
