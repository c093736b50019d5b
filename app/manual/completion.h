#pragma once
/// Completion of commands, flags and values for shells, made of what a program says of itself.

#include "app/command_text.h"

#include <string>

namespace zipml::cli {

std::string bashCompletion(const CommandText& program);
std::string zshCompletion(const CommandText& program);
std::string fishCompletion(const CommandText& program);

} // namespace zipml::cli
