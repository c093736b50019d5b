#pragma once
/// What completion of every shell is made of.

#include "app/command_text.h"

#include <functional>
#include <string>
#include <vector>

namespace zipml::cli {

/// The words that the value of a flag may be: "auto|yes|NAME" has auto and yes. Empty: any.
std::vector<std::string> valueWords(const FlagText& flag);
/// Whether the value is a file or a folder, as most arguments are that have their place.
bool takesFile(const FlagText& flag);
/// The first words of a help text, of one line.
std::string brief(const std::string& help);
/// 'text', as POSIX shells read it.
std::string quoted(const std::string& text);
std::string joined(const std::vector<std::string>& words, const char* between);
/// "_zipml_deep_train" for "zipml deep train".
std::string functionName(const std::string& path);
/// Calls `visit` for the program and each of its sub-commands, with their paths ("zipml deep train").
void eachCommand(const CommandText& program,
                 const std::function<void(const CommandText& command, const std::string& path)>& visit);

} // namespace zipml::cli
