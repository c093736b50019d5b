#pragma once
/// Messages quote what a person or a file wrote, which may be of any length; a line on the screen may not.

#include <string>

namespace zipml {

/// Shortens what is quoted, and words, to what a person reads of them: the beginning, and how long they were.
/// Names of files are words, too, and may be longer. A message of usual length is left as it is.
std::string shortMessage(std::string message);

} // namespace zipml
