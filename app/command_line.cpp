#include "app/command_line.h"

#include "core/base/closest_word.h"

#include <CLI/CLI.hpp>

namespace zipml::cli {
namespace {

/// What a word was meant as that the line has and its command has not, as the end of a message.
std::string suggestion(const CLI::App& program) {
    const CLI::App* command = &program;
    while (!command->get_subcommands().empty())
        command = command->get_subcommands().front();
    std::vector<std::string> flags, commands;
    for (const CLI::Option* option : command->get_options({}))
        for (const std::string& name : option->get_lnames())
            flags.push_back("--" + name);
    for (const CLI::App* each : command->get_subcommands([](const CLI::App*) { return true; }))
        commands.push_back(each->get_name());
    for (const std::string& word : program.remaining(true)) {
        const bool flag = word.starts_with('-');
        if (std::string meant = didYouMean(word.substr(0, word.find('=')), flag ? flags : commands);
            !meant.empty())
            return meant;
    }
    return {};
}

FlagText textOf(const CLI::Option& option) {
    FlagText text;
    text.help = option.get_description();
    text.group = option.get_group();
    text.argument = option.get_positional();
    text.required = option.get_required();
    text.repeated = option.get_expected_max() == CLI::detail::expected_max_vector_size;
    if (text.argument)
        text.names.push_back(option.get_name(true));
    for (const std::string& name : option.get_snames())
        text.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames())
        text.names.push_back("--" + name);
    if (option.get_type_size() != 0)
        text.value = option.get_type_name();
    return text;
}

CommandText textOf(const CLI::App& app) {
    CommandText text;
    text.name = app.get_name();
    text.help = app.get_description();
    text.footer = app.get_footer();
    for (const CLI::Option* option : app.get_options({}))
        text.flags.push_back(textOf(*option));
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        text.commands.push_back(textOf(*command));
    return text;
}

} // namespace

Flag* Flag::typeName(const std::string& name) {
    option_->type_name(name);
    return this;
}

Flag* Flag::group(const std::string& title) {
    option_->group(title);
    return this;
}

Flag* Flag::required() {
    option_->required();
    return this;
}

Flag* Flag::showDefault() {
    option_->capture_default_str();
    return this;
}

Flag* Flag::range(int least, int most) {
    option_->check(CLI::Range(least, most));
    return this;
}

Flag* Flag::positive() {
    option_->check(CLI::PositiveNumber);
    return this;
}

Flag* Flag::nonNegative() {
    option_->check(CLI::NonNegativeNumber);
    return this;
}

Flag* Flag::oneOf(const std::vector<std::string>& names) {
    option_->check(CLI::IsMember(names));
    return this;
}

Flag* Flag::delimiter(char between) {
    option_->delimiter(between);
    return this;
}

Flag* Flag::needs(const Flag* other) {
    option_->needs(other->option_);
    return this;
}

Flag* Flag::excludes(const Flag* other) {
    option_->excludes(other->option_);
    return this;
}

std::size_t Flag::count() const {
    return option_->count();
}

Command::Command(CLI::App* app) : app_(app) {}
Command::~Command() = default;

Flag* Command::keep(CLI::Option* option) {
    return flags_.emplace_back(std::make_unique<Flag>(option)).get();
}

Command* Command::addSubcommand(const std::string& name, const std::string& help) {
    return commands_.emplace_back(std::make_unique<Command>(app_->add_subcommand(name, help))).get();
}

Flag* Command::addOption(const std::string& name, std::string& value, const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addOption(const std::string& name, std::filesystem::path& value, const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addOption(const std::string& name, int& value, const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addOption(const std::string& name, std::uint32_t& value, const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addOption(const std::string& name, double& value, const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addOption(const std::string& name, std::uint64_t& value, const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addOption(const std::string& name, std::optional<std::uint64_t>& value,
                         const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addOption(const std::string& name, std::vector<std::string>& value, const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addOption(const std::string& name, std::vector<std::uint64_t>& value,
                         const std::string& help) {
    return keep(app_->add_option(name, value, help));
}

Flag* Command::addFlag(const std::string& name, bool& value, const std::string& help) {
    return keep(app_->add_flag(name, value, help));
}

void Command::versionFlag(const std::string& version) {
    app_->set_version_flag("--version", version);
}

void Command::footer(const std::string& text) {
    app_->footer(text);
}

void Command::requireSubcommand(int least, int most) {
    most == 0 ? app_->require_subcommand(least) : app_->require_subcommand(least, most);
}

void Command::callback(const std::function<void()>& chosen) {
    app_->callback(chosen);
}

CommandText Command::text() const {
    return textOf(*app_);
}

Program::Program(const std::string& help, const std::string& name) : Command(new CLI::App(help, name)) {}

Program::~Program() {
    delete app();
}

Program::Parsed Program::parse(int argc, char** argv) {
    try {
        app()->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0)
            return {false, error.what() + suggestion(*app())};
        app()->exit(error);
        return {true, {}};
    }
    return {};
}

} // namespace zipml::cli
