#pragma once
/// What a command says of itself as values, all that its --help prints: manual pages and completion are made of
/// it (app/manual).

#include <string>
#include <vector>

namespace zipml::cli {

struct FlagText {
    std::vector<std::string> names; ///< "-h", "--help"; an argument that has its place: its name, "FILE"
    std::string value;              ///< what stands behind it, as the help has it; empty: nothing
    std::string help, group;
    bool argument = false; ///< has its place, and no dashes
    bool required = false;
    bool repeated = false; ///< takes as many values as there are
};

struct CommandText {
    std::string name, help, footer;
    std::vector<FlagText> flags;
    std::vector<CommandText> commands;
};

} // namespace zipml::cli
