#include "app/manual/man_page.h"

#include <algorithm>
#include <cctype>

namespace zipml::cli {
namespace {

/// As roff prints it: no character of `text` is one of its own commands.
std::string plain(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if ((escaped.empty() || escaped.back() == '\n') && (c == '.' || c == '\''))
            escaped += "\\&";
        switch (c) {
        case '\\':
            escaped += "\\e";
            break;
        case '-':
            escaped += "\\-";
            break;
        case '\'':
            escaped += "\\(aq";
            break;
        case '`':
            escaped += "\\(ga";
            break;
        case '^':
            escaped += "\\(ha";
            break;
        case '~':
            escaped += "\\(ti";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

std::string bold(const std::string& text) {
    return "\\fB" + plain(text) + "\\fR";
}

std::string italic(const std::string& text) {
    return "\\fI" + plain(text) + "\\fR";
}

std::string upperCase(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

/// An entry of a list: what it is, and below it what it does.
std::string entry(const std::string& title, const std::string& help) {
    return ".TP\n" + title + '\n' + plain(help) + '\n';
}

std::string entry(const FlagText& flag) {
    std::string title;
    for (const std::string& name : flag.names)
        title += (title.empty() ? "" : ", ") + (flag.argument ? italic(name) : bold(name));
    if (!flag.value.empty() && !flag.argument)
        title += ' ' + italic(flag.value);
    if (flag.repeated)
        title += " ...";
    return entry(title, flag.help + (flag.required ? " (required)" : ""));
}

std::string synopsis(const CommandText& command, const std::string& path) {
    std::string text = bold(path);
    if (std::ranges::any_of(command.flags, [](const FlagText& flag) { return !flag.argument; }))
        text += " [" + italic("OPTIONS") + ']';
    for (const FlagText& flag : command.flags)
        if (flag.argument) {
            const std::string name = italic(flag.names.front()) + (flag.repeated ? " ..." : "");
            text += flag.required ? ' ' + name : " [" + name + ']';
        }
    if (!command.commands.empty())
        text += ' ' + italic("COMMAND") + " ...";
    return ".SH SYNOPSIS\n" + text + '\n';
}

/// The flags by their groups, in the order of the help.
std::string options(const CommandText& command) {
    std::vector<std::string> groups;
    for (const FlagText& flag : command.flags)
        if (!flag.argument && std::ranges::find(groups, flag.group) == groups.end())
            groups.push_back(flag.group);
    std::string text = ".SH OPTIONS\n";
    for (const std::string& group : groups) {
        if (groups.size() > 1 && group != "Options")
            text += ".SS \"" + plain(group) + "\"\n";
        for (const FlagText& flag : command.flags)
            if (!flag.argument && flag.group == group)
                text += entry(flag);
    }
    return text;
}

std::string seeAlso(const CommandText& command, const std::string& path) {
    std::vector<std::string> pages;
    if (const auto blank = path.rfind(' '); blank != std::string::npos)
        pages.push_back(path.substr(0, blank));
    for (const CommandText& each : command.commands)
        pages.push_back(path + ' ' + each.name);
    if (path == "zipml-lab")
        pages.emplace_back("zipml");
    if (path == "zipml")
        pages.emplace_back("zipml-lab");
    std::string text = ".SH \"SEE ALSO\"\n";
    for (std::size_t i = 0; i < pages.size(); ++i)
        text += ".BR " + plain(pageName(pages[i])) + (i + 1 < pages.size() ? " (1),\n" : " (1)\n");
    return text;
}

} // namespace

std::string pageName(std::string path) {
    std::ranges::replace(path, ' ', '-');
    return path;
}

std::string manPage(const CommandText& command, const std::string& path, const Release& release) {
    std::string text = ".TH \"" + plain(upperCase(pageName(path))) + "\" 1 " + release.date +
                       " \"ZipML Lab " + release.version + "\" \"ZipML Lab\"\n";
    text += ".SH NAME\n" + plain(pageName(path)) + " \\- " + plain(command.help) + '\n';
    text += synopsis(command, path);
    if (std::ranges::any_of(command.flags, &FlagText::argument))
        text += ".SH ARGUMENTS\n";
    for (const FlagText& flag : command.flags)
        if (flag.argument)
            text += entry(flag);
    text += options(command);
    if (!command.commands.empty())
        text += ".SH COMMANDS\n";
    for (const CommandText& each : command.commands)
        text += entry(bold(each.name), each.help);
    if (!command.footer.empty())
        text += ".SH NOTES\n" + plain(command.footer) + '\n';
    return text + seeAlso(command, path);
}

} // namespace zipml::cli
