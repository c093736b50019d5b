// zipml-manual VERSION DATE FOLDER: writes manual pages and completion of the programs below FOLDER, laid out as
// below PREFIX/share. Runs while the project is built, and is not installed.

#include "accel/register.h"
#include "app/cli/commands.h"
#include "app/manual/completion.h"
#include "app/manual/man_page.h"
#include "app/manual/shell_text.h"
#include "core/base/file.h"
#ifdef ZIPML_WITH_WINDOW
#include "app/gui/window_options.h"
#endif

#include <filesystem>
#include <iostream>

namespace {

using namespace zipml::cli;
namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    zipml::writeFileAtomically(file, text);
}

void writeManual(const CommandText& program, const Release& release, const fs::path& folder) {
    eachCommand(program, [&](const CommandText& command, const std::string& path) {
        write(folder / "man/man1" / (pageName(path) + ".1"), manPage(command, path, release));
    });
    write(folder / "bash-completion/completions" / program.name, bashCompletion(program));
    write(folder / "zsh/site-functions" / ('_' + program.name), zshCompletion(program));
    write(folder / "fish/vendor_completions.d" / (program.name + ".fish"), fishCompletion(program));
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: zipml-manual VERSION DATE FOLDER\n";
        return 2;
    }
    try {
        const Release release{argv[1], argv[2]};
        zipml::registerAccel(); // whose devices and experiments are in the help
        Action chosen;
        writeManual(Commands(chosen).text(), release, argv[3]);
#ifdef ZIPML_WITH_WINDOW
        WindowOptions options;
        writeManual(WindowProgram(options).text(), release, argv[3]);
#endif
    } catch (const std::exception& error) {
        std::cerr << "zipml-manual: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
