#include "app/manual/completion.h"
#include "app/manual/shell_text.h"

namespace zipml::cli {
namespace {

/// 'text', as fish reads it.
std::string fishQuoted(const std::string& text) {
    std::string shell = "'";
    for (const char c : text)
        shell += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return shell + '\'';
}

std::string lineOf(const FlagText& flag, const std::string& head) {
    std::string line = head;
    for (const std::string& name : flag.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!flag.value.empty()) {
        const auto words = valueWords(flag);
        line += words.empty() && takesFile(flag) ? " -r -F" : " -x";
        if (!words.empty())
            line += " -a " + fishQuoted(joined(words, " "));
    }
    return line + " -d " + fishQuoted(brief(flag.help)) + '\n';
}

} // namespace

std::string fishCompletion(const CommandText& program) {
    const std::string at = '_' + functionName(program.name) + "_at";
    std::string text = "# Completion of " + program.name +
                       " for fish.\n\n# Whether the line's first words are these, and no "
                       "sub-command of theirs follows.\nfunction " +
                       at + "\n" + R"(    set -l words (commandline -opc)
    set -l path (string split ' ' -- $argv[1])
    set -l depth (count $path)
    test (count $words) -ge $depth; or return 1
    test "$words[2..$depth]" = "$path[2..$depth]" -o $depth -eq 1; or return 1
    test (count $words) -eq $depth; or not contains -- $words[(math $depth + 1)] $argv[2..-1]
end

)";
    eachCommand(program, [&](const CommandText& command, const std::string& path) {
        std::vector<std::string> names;
        for (const CommandText& each : command.commands)
            names.push_back(each.name);
        const std::string condition =
            at + ' ' + fishQuoted(path) + (names.empty() ? "" : " ") + joined(names, " ");
        const std::string head = "complete -c " + program.name + " -n " + fishQuoted(condition);
        for (const CommandText& each : command.commands)
            text += head + " -f -a " + each.name + " -d " + fishQuoted(brief(each.help)) + '\n';
        for (const FlagText& flag : command.flags)
            if (!flag.argument)
                text += lineOf(flag, head);
    });
    return text;
}

} // namespace zipml::cli
