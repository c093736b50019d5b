#include "app/manual/completion.h"
#include "app/manual/shell_text.h"

namespace zipml::cli {
namespace {

/// Which words lead to sub-commands.
std::string paths(const CommandText& program) {
    std::vector<std::string> patterns;
    eachCommand(program, [&](const CommandText&, const std::string& path) {
        if (path != program.name)
            patterns.push_back(quoted(path));
    });
    return joined(patterns, " | ");
}

/// What may stand where no flag's value is expected.
std::string wordsOf(const CommandText& command) {
    std::vector<std::string> flags, commands;
    for (const FlagText& flag : command.flags)
        if (!flag.argument)
            flags.insert(flags.end(), flag.names.begin(), flag.names.end());
    for (const CommandText& each : command.commands)
        commands.push_back(each.name);
    return "flags=" + quoted(joined(flags, " ")) + " commands=" + quoted(joined(commands, " "));
}

/// A line for each flag with a value: what that may be.
std::string valuesOf(const CommandText& command, const std::string& path) {
    std::string lines;
    for (const FlagText& flag : command.flags) {
        if (flag.argument || flag.value.empty())
            continue;
        std::vector<std::string> patterns;
        for (const std::string& name : flag.names) {
            std::string words = path;
            patterns.push_back(quoted(words.append(" ").append(name)));
        }
        const auto words = valueWords(flag);
        lines += "        " + joined(patterns, " | ") + ") values=" + quoted(joined(words, " ")) +
                 (words.empty() && takesFile(flag) ? " files=yes" : "") + " ;;\n";
    }
    return lines;
}

} // namespace

std::string bashCompletion(const CommandText& program) {
    const std::string function = functionName(program.name);
    std::string commands, values;
    eachCommand(program, [&](const CommandText& command, const std::string& path) {
        commands += "        " + quoted(path) + ") " + wordsOf(command) + " ;;\n";
        values += valuesOf(command, path);
    });
    std::string text = "# Completion of " + program.name + " for bash.\n" + function + "() {\n" +
                       R"(    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i
    if [[ $word == = ]]; then # --flag=VALUE is three words
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    local path=)" + program.name +
                       " flags= commands= values= files=\n";
    if (!program.commands.empty())
        text += "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case \"$path ${COMP_WORDS[i]}\" in\n    "
                "        " +
                paths(program) + ") path=\"$path ${COMP_WORDS[i]}\" ;;\n        esac\n    done\n";
    text += "    case $path in\n" + commands + "    esac\n    case \"$path $before\" in\n" + values +
            "        *) values=none ;;\n    esac\n" + R"(    if [[ $values != none ]]; then
        COMPREPLY=($(compgen -W "$values" -- "$word"))
        [[ -z $files ]] || compopt -o default
    elif [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$word"))
    else
        COMPREPLY=($(compgen -W "$commands" -- "$word"))
        [[ -n $commands ]] || compopt -o default
    fi
}
)" + "complete -F " +
            function + ' ' + program.name + '\n';
    return text;
}

} // namespace zipml::cli
