#pragma once
/// What a person may have meant by a word that there is not.

#include <span>
#include <string>
#include <string_view>

namespace zipml {

/// The word of those that is nearest by letters put in, left out, changed or swapped, or that begins like it; of
/// several the first. Capitals, and - and _, are the same. @return empty: none is near
std::string closestWord(std::string_view word, std::span<const std::string> words);

/// "; did you mean --estimator?", or nothing.
std::string didYouMean(std::string_view word, std::span<const std::string> words);

} // namespace zipml
