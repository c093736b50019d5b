#include "app/manual/completion.h"
#include "app/manual/shell_text.h"

namespace zipml::cli {
namespace {

/// As it may stand in a specification of _arguments, within the characters that end a part there.
std::string within(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\')
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

/// ":NAME:how to complete it"
std::string valueOf(const FlagText& flag) {
    const auto words = valueWords(flag);
    const std::string action = !words.empty()    ? '(' + joined(words, " ") + ')'
                               : takesFile(flag) ? "_files"
                                                 : " ";
    return ':' + within(flag.argument ? flag.names.front() : flag.value) + ':' + action;
}

std::string specificationsOf(const FlagText& flag) {
    if (flag.argument)
        return "        " + quoted((flag.repeated ? "*" : "") + valueOf(flag)) + " \\\n";
    std::string lines;
    const std::string others = '(' + joined(flag.names, " ") + ')';
    for (const std::string& name : flag.names)
        lines += "        " +
                 quoted((flag.repeated ? "*" : others) + name +
                        (flag.value.empty() || !name.starts_with("--") ? "" : "=") + '[' +
                        within(brief(flag.help)) + ']' + (flag.value.empty() ? "" : valueOf(flag))) +
                 " \\\n";
    return lines;
}

std::string functionOf(const CommandText& command, const std::string& path) {
    std::string text = functionName(path) +
                       "() {\n    local curcontext=$curcontext state line\n    typeset -A opt_args\n"
                       "    _arguments -C \\\n";
    for (const FlagText& flag : command.flags)
        text += specificationsOf(flag);
    if (command.commands.empty())
        return text + "        && return\n}\n";
    std::string names, cases;
    for (const CommandText& each : command.commands) {
        names += " " + quoted(each.name + ':' + brief(each.help));
        cases += "        " + each.name + ") " + functionName(path + ' ' + each.name) + " ;;\n";
    }
    return text +
           "        '1: :->command' \\\n        '*:: :->rest' && return\n    case $state in\n    command)\n"
           "        local -a known=(" +
           names +
           ")\n        _describe command known\n        ;;\n"
           "    rest)\n        case $line[1] in\n" +
           cases + "        esac\n        ;;\n    esac\n}\n";
}

} // namespace

std::string zshCompletion(const CommandText& program) {
    std::string text = "#compdef " + program.name + "\n# Completion of " + program.name + " for zsh.\n\n";
    eachCommand(program, [&](const CommandText& command, const std::string& path) {
        text += functionOf(command, path) + '\n';
    });
    return text + functionName(program.name) + " \"$@\"\n";
}

} // namespace zipml::cli
