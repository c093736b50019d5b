#pragma once
/// A manual page (section 1, the man macros of roff) of what a command says of itself.

#include "app/command_text.h"

#include <string>

namespace zipml::cli {

/// What a page says of the release that it is of.
struct Release {
    std::string version; ///< "0.2.0"
    std::string date;    ///< "2026-11-30"
};

/// @param path the program and its sub-commands down to this one, with blanks between: "zipml deep train"
std::string manPage(const CommandText& command, const std::string& path, const Release& release);

/// "zipml-deep-train", as pages are called.
std::string pageName(std::string path);

} // namespace zipml::cli
