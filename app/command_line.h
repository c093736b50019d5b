#pragma once
/// The grammar of a program's command line: sub-commands, arguments and flags. CLI11 does the work, in
/// command_line.cpp alone: reading its header takes the compiler longer than what most commands do.

#include "app/command_text.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace zipml::cli {

/// An argument or flag while it is described.
class Flag {
  public:
    explicit Flag(CLI::Option* option) : option_(option) {}

    /// "FILE", for the help.
    Flag* typeName(const std::string& name);
    Flag* group(const std::string& title);
    Flag* required();
    /// The help names the value that its variable has now.
    Flag* showDefault();
    Flag* range(int least, int most);
    Flag* positive();
    Flag* nonNegative();
    Flag* oneOf(const std::vector<std::string>& names);
    /// Several values may be given as one word.
    Flag* delimiter(char between);
    Flag* needs(const Flag* other);
    Flag* excludes(const Flag* other);
    /// Once the line is parsed: how often it was given.
    [[nodiscard]] std::size_t count() const;

  private:
    CLI::Option* option_;
};

/// A program or one of its sub-commands. Variables must outlive the parsing; what is not given leaves them
/// alone.
class Command {
  public:
    explicit Command(CLI::App* app);
    ~Command();
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    Command* addSubcommand(const std::string& name, const std::string& help);
    /// @param name "--flag", "-f,--flag", or "NAME" for an argument that has its place
    Flag* addOption(const std::string& name, std::string& value, const std::string& help);
    Flag* addOption(const std::string& name, std::filesystem::path& value, const std::string& help);
    Flag* addOption(const std::string& name, int& value, const std::string& help);
    Flag* addOption(const std::string& name, std::uint32_t& value, const std::string& help);
    Flag* addOption(const std::string& name, double& value, const std::string& help);
    Flag* addOption(const std::string& name, std::uint64_t& value, const std::string& help);
    Flag* addOption(const std::string& name, std::optional<std::uint64_t>& value, const std::string& help);
    Flag* addOption(const std::string& name, std::vector<std::string>& value, const std::string& help);
    Flag* addOption(const std::string& name, std::vector<std::uint64_t>& value, const std::string& help);
    /// @param name "--flag,!--no-flag": the second form makes it false
    Flag* addFlag(const std::string& name, bool& value, const std::string& help);
    void versionFlag(const std::string& version);
    void footer(const std::string& text);
    /// How many sub-commands there must be. @param most 0: as many
    void requireSubcommand(int least, int most = 0);
    /// Called once the line is parsed, where this sub-command is in it.
    void callback(const std::function<void()>& chosen);
    /// All that was added so far.
    [[nodiscard]] CommandText text() const;

  protected:
    [[nodiscard]] CLI::App* app() const { return app_; }

  private:
    Flag* keep(CLI::Option* option);

    CLI::App* app_;
    std::vector<std::unique_ptr<Command>> commands_;
    std::vector<std::unique_ptr<Flag>> flags_;
};

class Program : public Command {
  public:
    Program(const std::string& help, const std::string& name);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// How a line was taken.
    struct Parsed {
        bool done = false;   ///< help or version were asked for, and are printed
        std::string problem; ///< what is wrong with the line; empty: nothing
    };
    Parsed parse(int argc, char** argv);
};

} // namespace zipml::cli
