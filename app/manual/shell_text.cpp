#include "app/manual/shell_text.h"

#include <algorithm>
#include <cctype>

namespace zipml::cli {
namespace {

constexpr std::size_t kBrief = 72; // characters beside a name that fit in a terminal

/// Names are in capitals (NAME, 0..1 and l2:LAMBDA are no words either).
bool isWord(const std::string& text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-';
    });
}

void visitFrom(const CommandText& command, const std::string& path,
               const std::function<void(const CommandText&, const std::string&)>& visit) {
    visit(command, path);
    for (const CommandText& each : command.commands)
        visitFrom(each, path + ' ' + each.name, visit);
}

} // namespace

std::vector<std::string> valueWords(const FlagText& flag) {
    std::string choices = flag.value;
    if (const auto brace = choices.find('{'); brace != std::string::npos) { // TEXT:{one,other}
        choices = choices.substr(brace + 1, choices.find('}') - brace - 1);
        std::ranges::replace(choices, ',', '|');
    }
    std::vector<std::string> words;
    if (choices.find('|') == std::string::npos)
        return words;
    for (std::size_t begin = 0; begin <= choices.size();) {
        const std::size_t end = std::min(choices.find('|', begin), choices.size());
        if (std::string word = choices.substr(begin, end - begin); isWord(word))
            words.push_back(std::move(word));
        begin = end + 1;
    }
    return words;
}

bool takesFile(const FlagText& flag) {
    return flag.argument || std::ranges::any_of(std::vector{"FILE", "DIR", "FOLDER"}, [&](const char* name) {
               return flag.value.find(name) != std::string::npos;
           });
}

std::string brief(const std::string& help) {
    std::string text =
        help.substr(0, std::min({help.find('\n'), help.find(';'), help.find(" ["), help.size()}));
    if (text.size() <= kBrief)
        return text;
    return text.substr(0, text.rfind(' ', kBrief)) + " ...";
}

std::string quoted(const std::string& text) {
    std::string shell = "'";
    for (const char c : text)
        shell += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return shell + '\'';
}

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string line;
    for (const std::string& word : words)
        line += (line.empty() ? "" : between) + word;
    return line;
}

std::string functionName(const std::string& path) {
    std::string name = '_' + path;
    std::ranges::replace_if(
        name, [](char c) { return c == ' ' || c == '-'; }, '_');
    return name;
}

void eachCommand(const CommandText& program,
                 const std::function<void(const CommandText&, const std::string&)>& visit) {
    visitFrom(program, program.name, visit);
}

} // namespace zipml::cli
